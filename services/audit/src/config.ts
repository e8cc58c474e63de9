import { type Address, type Hex, isAddress } from "viem";
import { z } from "zod";
import { databaseVariables, eventLogVariables, grpcVariables } from "#platform/config/common-variables.js";
import { address, commaList, httpUrl, integer } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";
import { type NoteSigner, parseSigner } from "#platform/transparency-log/note-key.js";
import { TlogPolicy } from "#platform/transparency-log/tlog-policy.js";
import { AuditorList } from "./domain/auditor-list.js";

const signers = z.string().transform((text, context): readonly NoteSigner[] => {
  try {
    const keys = text.trim().split(/\s+/).map(parseSigner);
    const names = new Set(keys.map(({ verifier }) => verifier.name));
    if (names.size === 1 && keys.every(({ verifier }) => verifier.algorithm === 1)) return keys;
  } catch {
    // The reason may quote the key.
  }
  context.addIssue({ code: "custom", message: "must be Ed25519 note signing keys of one name, PRIVATE+KEY+name+hash+key, one a line" });
  return z.NEVER;
});

const auditors = z.string().transform((text, context): AuditorList => {
  const list = AuditorList.parse(text);
  if (list !== undefined) return list;
  context.addIssue({ code: "custom", message: "must be a JSON list of {name, tokenHash, accounts, from?, to?} with names once each" });
  return z.NEVER;
});

const witnessPolicy = z.string().transform((text, context) => {
  try {
    return TlogPolicy.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "must be a C2SP tlog-policy" });
    return z.NEVER;
  }
});

/** Everything audit reads from its environment. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  logKey: variable({
    env: "LOG_KEY",
    schema: signers,
    secret: true,
    description:
      "Note signing key of the log (PRIVATE+KEY+name+hash+key); the name is the log's origin for ever. While the key is changed: old and new, one a line.",
  }),
  auditors: variable({
    env: "AUDITORS",
    schema: auditors.optional(),
    secret: true,
    description:
      'JSON list of those outside who may read the log over HTTP: name, SHA-256 of their token (hex), accounts (list or "*"), optional from and to (indexes).',
  }),
  auditListen: variable({
    env: "AUDIT_LISTEN",
    schema: address.optional(),
    description: "host:port of the HTTP interface for auditors (tiles, checkpoints, events, proofs); without it there is none.",
    example: "0.0.0.0:8090",
  }),
  witnessPolicy: variable({
    env: "WITNESS_POLICY",
    schema: witnessPolicy.optional(),
    description: "C2SP tlog-policy: the witnesses that are asked to cosign checkpoints, with their URLs, and how many must.",
  }),
  anchorContract: variable({
    env: "ANCHOR_CONTRACT",
    schema: z.custom<Address>((text) => typeof text === "string" && isAddress(text), "must be an address").optional(),
    description:
      "AuditAnchor contract that checkpoints are written to; without it, or without ANCHOR_KEY and ANCHOR_RPC_URLS, nothing is anchored.",
    example: "0x5fbdb2315678afecb367f032d93f642f64180aa3",
  }),
  anchorKey: variable({
    env: "ANCHOR_KEY",
    schema: z
      .custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-fA-F]{64}$/.test(text), "must be 0x and 64 hex digits")
      .optional(),
    secret: true,
    description: "Private key of the account that publishes anchors and pays for them.",
  }),
  anchorRpcUrls: variable({
    env: "ANCHOR_RPC_URLS",
    schema: commaList(httpUrl).optional(),
    secret: true,
    description: "Comma-separated JSON-RPC URLs of the chain that is anchored to; secret because keyed URLs carry credentials.",
  }),
  anchorEverySeconds: variable({
    env: "ANCHOR_EVERY_SECONDS",
    schema: integer(1, 86_400).default(600),
    description: "Seconds between anchors: how long a rewrite could go unseen where there is no witness.",
  }),
  unsignedProducers: variable({
    env: "UNSIGNED_PRODUCERS",
    schema: commaList(z.string().regex(/^urn:[\x21-\x2b\x2d-\x7e]+$/, "must be a CloudEvents source such as urn:interlock:name")).default(
      [],
    ),
    description:
      "Comma-separated CloudEvents sources whose events enter the log without their producer's signature; everybody else's key must be pinned in TRUST_FILE.",
    example: "urn:interlock:import",
  }),
  logFolder: variable({
    env: "LOG_FOLDER",
    schema: z.string().min(1).optional(),
    description:
      "Folder on a volume for the log as files (C2SP tlog-tiles, entries included); without it the tree is kept in Postgres. One replica.",
    example: "/var/lib/interlock/log",
  }),
};

export type AuditConfig = ConfigOf<typeof configDefinition>;
