/** What vouched for the process before it was given KEKs; every event of a key carries it. */
export type AttestationKind = "none" | "aws-nitro" | "dev-not-hardware";

/** The kind that the name of a row's KEK provider stands for; the name is authenticated with the row. */
export function attestationKindOf(provider: string): AttestationKind {
  if (provider === "attested") return "aws-nitro";
  return provider === "attested-dev" ? "dev-not-hardware" : "none";
}

/** Custody mode that goes with it. */
export function custodyOf(provider: string): "server" | "attested" {
  return attestationKindOf(provider) === "none" ? "server" : "attested";
}
