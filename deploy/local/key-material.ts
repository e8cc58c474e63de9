import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { makeKeys } from "../keys/make-keys.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Paths of freshly made key files; what each is for stands in docs/configuration.md. */
export interface KeyMaterial {
  readonly trustFile: string;
  serviceKeyFile(service: string): string;
  ticketKeyFile(service: string): string;
  readonly accessTokenKeyFile: string;
  readonly nonceHmacKeyFile: string;
  /** Wraps the keys of personal data in events. */
  readonly piiKeyFile: string;
  /** Salt of what stands for nonces and tokens in events. */
  readonly auditSaltFile: string;
  readonly kekFile: string;
  /** Note signing key of the audit log. */
  readonly logKeyFile: string;
  /** List of the one auditor, and the bearer token it stands for. */
  readonly auditorsFile: string;
  readonly auditorTokenFile: string;
  readonly relayerKeyFile: string;
  readonly relayerAddress: Hex;
}

/** Makes every key a stack needs, new each time, readable by this user only. */
export function makeKeyMaterial(folder: string): KeyMaterial {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const keys = makeKeys();
  const auditorToken = randomBytes(32).toString("base64url");
  for (const [name, key] of [...keys.serviceKeys, ...keys.operatorKeys]) write(`${name}.service.jwk`, key);
  for (const [name, key] of keys.ticketKeys) write(`${name}.ticket.jwk`, key);
  return {
    trustFile: write("trust.json", keys.trust),
    serviceKeyFile: (service) => join(folder, `${service}.service.jwk`),
    ticketKeyFile: (service) => join(folder, `${service}.ticket.jwk`),
    accessTokenKeyFile: write("access-token.jwk", keys.accessTokenKey),
    nonceHmacKeyFile: write("nonce-hmac", randomBytes(32).toString("base64")),
    piiKeyFile: write("pii.key", keys.piiKey),
    auditSaltFile: write("audit.salt", keys.auditSalt),
    kekFile: write("kek.json", keys.kek),
    logKeyFile: write("log.key", keys.logKey),
    auditorsFile: write("auditors.json", JSON.stringify([{ name: "local", tokenHash: sha256(auditorToken), accounts: "*" }])),
    auditorTokenFile: write("auditor.token", auditorToken),
    relayerKeyFile: write("relayer.hex", keys.relayerKey),
    relayerAddress: privateKeyToAddress(keys.relayerKey),
  };
}
