import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, type Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { signerText } from "#platform/transparency-log/note-key.js";

/** Services that call others, each with a key of its own. */
const CALLERS = ["gateway", "auth", "permissions", "policy", "vault", "relay", "monitor", "audit"] as const;
/** People who run the vault's key ring; what cannot be undone needs two of them. Each has a key file `<name>.service.jwk`. */
const OPERATORS = ["operator", "operator-2"] as const;
/** Services that issue tickets for the vault. */
const TICKET_ISSUERS = ["policy", "permissions"] as const;

/** Name of the local stack's audit log. */
const LOG_ORIGIN = "interlock.local/audit";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Paths of freshly made key files; what each is for stands in docs/configuration.md. */
export interface KeyMaterial {
  readonly trustFile: string;
  serviceKeyFile(service: string): string;
  ticketKeyFile(service: string): string;
  readonly accessTokenKeyFile: string;
  readonly nonceHmacKeyFile: string;
  readonly kekFile: string;
  /** Note signing key of the audit log. */
  readonly logKeyFile: string;
  /** List of the one auditor, and the bearer token it stands for. */
  readonly auditorsFile: string;
  readonly auditorTokenFile: string;
  readonly relayerKeyFile: string;
  readonly relayerAddress: Hex;
}

function keyPair(curve: "Ed25519" | "P-256", kid: string) {
  const pair = curve === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { secret: { ...pair.privateKey.export({ format: "jwk" }), kid }, pinned: { ...pair.publicKey.export({ format: "jwk" }), kid } };
}

/** Makes every key a stack needs, new each time, readable by this user only. */
export function makeKeyMaterial(folder: string): KeyMaterial {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const callers = CALLERS.map((name) => [name, keyPair("Ed25519", `${name}-1`)] as const);
  const tickets = TICKET_ISSUERS.map((name) => [name, keyPair("P-256", `${name}-ticket-1`)] as const);
  const operators = OPERATORS.map((name) => [name, keyPair("Ed25519", `${name}-1`)] as const);
  for (const [name, { secret }] of [...callers, ...operators]) write(`${name}.service.jwk`, JSON.stringify(secret));
  for (const [name, { secret }] of tickets) write(`${name}.ticket.jwk`, JSON.stringify(secret));
  const pinned = (pairs: readonly (readonly [string, ReturnType<typeof keyPair>])[]) =>
    Object.fromEntries(pairs.map(([name, pair]) => [name, { keys: [pair.pinned] }]));
  const relayerKey = bytesToHex(randomBytes(32));
  const auditorToken = randomBytes(32).toString("base64url");
  return {
    trustFile: write(
      "trust.json",
      JSON.stringify({
        callers: { ...pinned(callers), operator: { keys: operators.map(([, { pinned: key }]) => key) } },
        tickets: pinned(tickets),
      }),
    ),
    serviceKeyFile: (service) => join(folder, `${service}.service.jwk`),
    ticketKeyFile: (service) => join(folder, `${service}.ticket.jwk`),
    accessTokenKeyFile: write("access-token.jwk", JSON.stringify(keyPair("Ed25519", "access-1").secret)),
    nonceHmacKeyFile: write("nonce-hmac", randomBytes(32).toString("base64")),
    kekFile: write("kek.json", JSON.stringify({ active: 1, keys: { "1": randomBytes(32).toString("base64") } })),
    logKeyFile: write("log.key", signerText(LOG_ORIGIN, 1, randomBytes(32))),
    auditorsFile: write("auditors.json", JSON.stringify([{ name: "local", tokenHash: sha256(auditorToken), accounts: "*" }])),
    auditorTokenFile: write("auditor.token", auditorToken),
    relayerKeyFile: write("relayer.hex", relayerKey),
    relayerAddress: privateKeyToAddress(relayerKey),
  };
}
