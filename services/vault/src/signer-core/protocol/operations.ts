import { z } from "zod";
import { kekLimitsSchema, kekVersionSchema, rewrapRowSchema, sealStateSchema, wrappedDekSchema } from "./kek-schemas.js";
import { policyMessageSchema } from "./policy-message.js";
import { processFactsSchema } from "./process-facts-schema.js";
import { boundedHex, decimal, fixedHex, keyRecordSchema, lowerAddress, newIdentitySchema } from "./schemas.js";

/** Text of an object that another parser judges later: intent, policy. */
const json = z.record(z.string(), z.unknown());
const token = z.string().min(1).max(8_192);
const document = z
  .string()
  .min(2)
  .max(64 * 1024);

/**
 * Everything the shell can ask of signer-core. There is no operation that takes a digest or gives a key.
 * `admit` judges a request (decode, digest, tickets, floor) and `sign` redeems an admission, once, after the shell has committed its ledger.
 */
export const OPERATIONS = {
  health: {
    request: z.strictObject({}),
    result: z.strictObject({
      provider: z.string(),
      versions: z.array(kekVersionSchema),
      policyKeys: z.int(),
      permissionsKeys: z.int(),
      process: processFactsSchema,
    }),
  },
  generate: {
    request: newIdentitySchema,
    result: z.strictObject({ record: keyRecordSchema, address: lowerAddress, publicKey: fixedHex(65) }),
  },
  seal: {
    request: z.strictObject({
      record: keyRecordSchema,
      document,
      policy: policyMessageSchema,
      armNonce: decimal,
      armDeadline: decimal,
      signatures: boundedHex(0, 8_192),
    }),
    result: z.strictObject({ record: keyRecordSchema, floor: z.string(), policyId: fixedHex(32), policyHash: fixedHex(32) }),
  },
  admit: {
    request: z.strictObject({
      record: keyRecordSchema,
      floor: z.string().max(200_000),
      intent: json,
      decision: token,
      authorization: token,
    }),
    result: z.strictObject({
      admissionId: z.string(),
      digest: fixedHex(32),
      executionId: z.string(),
      nonce: decimal,
      deadline: decimal,
      operations: z.int(),
      spends: z.array(z.strictObject({ token: lowerAddress, amount: decimal })),
      tickets: z.array(z.strictObject({ jti: z.string(), expiresAt: z.int() })),
    }),
  },
  sign: {
    request: z.strictObject({ admissionId: z.string().max(64), record: keyRecordSchema }),
    result: z.strictObject({ signature: fixedHex(65) }),
  },
  kekStatus: {
    request: z.strictObject({}),
    result: z.strictObject({
      provider: z.string(),
      attestationKind: z.string(),
      versions: z.array(kekVersionSchema),
      limits: kekLimitsSchema.nullable(),
      sealed: sealStateSchema.nullable(),
      unsealKey: fixedHex(32).nullable(),
    }),
  },
  unseal: {
    request: z.strictObject({ encapsulated: fixedHex(32), ciphertext: boundedHex(17, 1_024) }),
    result: z.strictObject({ have: z.int(), need: z.int(), sealed: z.boolean() }),
  },
  /** `to`: adopt this version if the source has it already, as another replica's rotation made it. */
  rotateKek: { request: z.strictObject({ to: z.int().optional() }), result: z.strictObject({ version: z.int() }) },
  limitKek: { request: kekLimitsSchema, result: z.strictObject({}) },
  rewrap: {
    request: z.strictObject({ rows: z.array(rewrapRowSchema).max(64) }),
    result: z.strictObject({ rows: z.array(wrappedDekSchema.nullable()) }),
  },
  destroyKek: {
    request: z.strictObject({ request: z.string().max(2_000), signatures: z.array(token).max(16) }),
    result: z.strictObject({ version: z.int(), orphans: z.int(), operators: z.array(z.string()) }),
  },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export type RequestOf<Op extends OperationName> = z.infer<(typeof OPERATIONS)[Op]["request"]>;
export type ResultOf<Op extends OperationName> = z.infer<(typeof OPERATIONS)[Op]["result"]>;

/** Body of a request frame. */
export const callSchema = z.strictObject({ op: z.string().max(32), request: z.unknown() });

/** Body of an error frame; `code` is a row of the error table. */
export const failureSchema = z.strictObject({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });

/** True for the name of an operation. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}
