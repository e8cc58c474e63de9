import { generateKeyPairSync, randomBytes } from "node:crypto";
import { bytesToHex, type Hex } from "viem";
import { signerText } from "#platform/transparency-log/note-key.js";

/** Services that call others, each with a key of its own. */
export const CALLERS = ["gateway", "auth", "permissions", "policy", "vault", "relay", "monitor", "audit"] as const;
/** People who run the vault's key ring; what cannot be undone needs two of them. */
export const OPERATORS = ["operator", "operator-2"] as const;
/** Services that issue tickets for the vault. */
export const TICKET_ISSUERS = ["policy", "permissions"] as const;

/** The text of every key file an installation needs; what each is for stands in docs/configuration.md. All but `trust` are secrets. */
export interface Keys {
  /** Public halves of all callers and ticket issuers. */
  readonly trust: string;
  readonly serviceKeys: ReadonlyMap<(typeof CALLERS)[number], string>;
  /** Keys of people, not of pods: they are handed to two people and no pod mounts them. */
  readonly operatorKeys: ReadonlyMap<(typeof OPERATORS)[number], string>;
  readonly ticketKeys: ReadonlyMap<(typeof TICKET_ISSUERS)[number], string>;
  readonly accessTokenKey: string;
  readonly kek: string;
  /** The audit log's signing key, in the form of C2SP signed notes; the log's name is part of it. */
  readonly logKey: string;
  /** Wraps the keys of personal data in events. */
  readonly piiKey: string;
  /** Salt of what stands for nonces and tokens in events. */
  readonly auditSalt: string;
  readonly relayerKey: Hex;
}

function keyPair(curve: "Ed25519" | "P-256", kid: string) {
  const pair = curve === "Ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { secret: { ...pair.privateKey.export({ format: "jwk" }), kid }, pinned: { ...pair.publicKey.export({ format: "jwk" }), kid } };
}

type Named = readonly (readonly [string, ReturnType<typeof keyPair>])[];
const pinned = (pairs: Named) => Object.fromEntries(pairs.map(([name, pair]) => [name, { keys: [pair.pinned] }]));

/**
 * Makes all of them anew.
 * @param logOrigin name of the audit log, unique in the world, such as `interlock.example/audit`
 */
export function makeKeys(logOrigin = "interlock.local/audit"): Keys {
  const callers = CALLERS.map((name) => [name, keyPair("Ed25519", `${name}-1`)] as const);
  const tickets = TICKET_ISSUERS.map((name) => [name, keyPair("P-256", `${name}-ticket-1`)] as const);
  const operators = OPERATORS.map((name) => [name, keyPair("Ed25519", `${name}-1`)] as const);
  const operator = { keys: operators.map(([, { pinned: key }]) => key) };
  return {
    trust: JSON.stringify({ callers: { ...pinned(callers), operator }, tickets: pinned(tickets) }),
    operatorKeys: new Map(operators.map(([name, { secret }]) => [name, JSON.stringify(secret)])),
    serviceKeys: new Map(callers.map(([name, { secret }]) => [name, JSON.stringify(secret)])),
    ticketKeys: new Map(tickets.map(([name, { secret }]) => [name, JSON.stringify(secret)])),
    accessTokenKey: JSON.stringify(keyPair("Ed25519", "access-1").secret),
    kek: JSON.stringify({ active: 1, keys: { "1": randomBytes(32).toString("base64") } }),
    logKey: signerText(logOrigin, 1, randomBytes(32)),
    piiKey: randomBytes(32).toString("base64"),
    auditSalt: randomBytes(32).toString("base64"),
    relayerKey: bytesToHex(randomBytes(32)),
  };
}
