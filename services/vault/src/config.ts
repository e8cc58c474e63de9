import { z } from "zod";
import { chainVariables, databaseVariables, eventLogVariables, grpcVariables } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { variable } from "#platform/config/variable.js";

/** Everything vault reads from its environment. KEKs are not among it: signer-core reads their file itself. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  deploymentFile: chainVariables.deploymentFile,
  trustFile: variable({
    env: "TRUST_FILE",
    schema: z.string().min(1),
    description: "Path of the trust file; signer-core reads the pinned ticket keys from it itself.",
    example: "/etc/interlock/trust.json",
  }),
  kekFile: variable({
    env: "KEK_FILE",
    schema: z.string().min(1).optional(),
    description:
      'Needed unless SIGNER_CORE_SOCKET is given: path of the KEK provider\'s configuration, which is a secret: {"active":1,"keys":{"1":"<base64 of 32 bytes>"}}, or with "provider": shamir, pkcs11, attested, transit, awskms (docs/operations/vault.md). Only signer-core opens it.',
    example: "/var/run/secrets/interlock/kek.json",
  }),
  signerCoreSocket: variable({
    env: "SIGNER_CORE_SOCKET",
    schema: z.string().startsWith("/").max(100).optional(),
    description:
      "Absolute path of the unix socket of a signer-core that somebody else runs, as the kubelet does in the chart. Without it the shell starts one as its child.",
    example: "/run/interlock/core/signer.sock",
  }),
  signerCoreUid: variable({
    env: "SIGNER_CORE_UID",
    schema: integer(1, 2 ** 31 - 1).optional(),
    description: "User id signer-core runs as; needs a shell that runs as root. Without it the core runs as the shell's user.",
    example: "10002",
  }),
  custodyMode: variable({
    env: "CUSTODY_MODE",
    schema: z.enum(["production", "development"]).default("production"),
    description: "production refuses KEKs that a development attester vouched for (DEV - NOT HARDWARE).",
    example: "production",
  }),
  signerCoreEntry: variable({
    env: "SIGNER_CORE_ENTRY",
    schema: z.string().min(1).optional(),
    description: "Path of signer-core's compiled main.js; default: the one of this build.",
  }),
};
