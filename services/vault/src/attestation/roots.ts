/** SHA-256 of the DER of AWS's root certificate for Nitro Enclaves ("aws.nitro-enclaves", G1), as AWS publishes it beside the certificate. */
export const AWS_NITRO_ROOT = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b";

/** Common name of every development root: whoever sees it knows that no hardware vouches for anything. */
export const DEV_ROOT_NAME = "DEV - NOT HARDWARE";
