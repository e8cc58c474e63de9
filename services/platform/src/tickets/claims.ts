import { z } from "zod";

const hash = z.string().regex(/^0x[0-9a-f]{64}$/, "must be 32 bytes of lower-case 0x hex");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");
const uint = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "must be an unsigned decimal integer");
const seconds = z.int().positive();
const id = z.string().min(1).max(200);

/** Longest life of a ticket in seconds. */
export const MAX_TICKET_SECONDS = 30;

/** Claims that policy signs: this digest was judged under this policy. */
export const decisionClaims = z.strictObject({
  iss: z.literal("policy"),
  aud: z.literal("vault"),
  jti: z.uuid(),
  iat: seconds,
  exp: seconds,
  decisionId: z.uuid(),
  executionId: id,
  sessionId: id,
  policyHash: hash,
  policyId: hash,
  digest: hash,
  outcome: z.enum(["allow", "deny"]),
  evaluatorVersion: z.string().min(1).max(100),
});

/** Claims that permissions signs: budget and rate are reserved for this digest. Amounts in the smallest unit, decimal. */
export const authorizationClaims = z.strictObject({
  iss: z.literal("permissions"),
  aud: z.literal("vault"),
  jti: z.uuid(),
  iat: seconds,
  exp: seconds,
  authorizationId: z.uuid(),
  executionId: id,
  sessionId: id,
  keyRef: id,
  generation: uint,
  account: address,
  chainId: uint,
  module: address,
  policyHash: hash,
  policyId: hash,
  digest: hash,
  nonce: uint,
  deadline: uint,
  spends: z.array(z.strictObject({ token: address, amount: uint })).max(32),
  operations: z.int().min(1).max(4),
});

export type DecisionClaims = z.infer<typeof decisionClaims>;
export type AuthorizationClaims = z.infer<typeof authorizationClaims>;

/** What the issuer fills in itself. */
type Envelope = "iss" | "aud" | "jti" | "iat" | "exp";
export type DecisionContent = Omit<DecisionClaims, Envelope>;
export type AuthorizationContent = Omit<AuthorizationClaims, Envelope>;
