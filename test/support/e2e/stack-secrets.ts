import { readFileSync } from "node:fs";
import { z } from "zod";
import { DATABASE_ROLES } from "../../../deploy/local/service-databases.js";
import { SERVICES } from "../../../deploy/local/service-environment.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { keyIn } from "./forge-token.js";
import { keySecret, type Secret, textSecret } from "./secret.js";

const kekFile = z.object({ keys: z.record(z.string(), z.string()) });

/** Every secret the operator gave the stack. */
export function stackSecrets({ keys, databases, postgres }: Stack): readonly Secret[] {
  const jwk = (name: string, file: string) => keySecret(name, keyIn(file).d ?? "", "base64url");
  const callers = SERVICES.filter((name) => name !== "lifeline");
  const kek = kekFile.parse(JSON.parse(readFileSync(keys.kekFile, "utf8")));
  return [
    ...callers.map((name) => jwk(`service key of ${name}`, keys.serviceKeyFile(name))),
    ...["policy", "permissions"].map((name) => jwk(`ticket key of ${name}`, keys.ticketKeyFile(name))),
    jwk("access token key", keys.accessTokenKeyFile),
    keySecret("nonce key", readFileSync(keys.nonceHmacKeyFile, "utf8"), "base64"),
    ...Object.entries(kek.keys).map(([version, key]) => keySecret(`KEK ${version}`, key, "base64")),
    keySecret("seed of the log's key", logSeed(readFileSync(keys.logKeyFile, "utf8")), "base64"),
    textSecret("auditor's token", readFileSync(keys.auditorTokenFile, "utf8")),
    keySecret("relayer key", readFileSync(keys.relayerKeyFile, "utf8"), "hex"),
    ...DATABASE_ROLES.map((role) => textSecret(`database password of ${role}`, new URL(databases(role)).password)),
    textSecret("database superuser's password", postgres.superuser.password),
  ];
}

/** The 32 secret bytes of a note signing key, base64. */
function logSeed(key: string): string {
  const [algorithmAndSeed = ""] = [key.split("+").slice(4).join("+")];
  return Buffer.from(algorithmAndSeed, "base64").subarray(1).toString("base64");
}
