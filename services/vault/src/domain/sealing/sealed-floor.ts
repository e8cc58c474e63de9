import { type Address, type Hex, keccak256, stringToBytes } from "viem";
import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { canonicalJson, parseJsonObject } from "#platform/kernel/json.js";
import type { Floor } from "#platform/session-policy/floor.js";

/** What ARM fixed for a key: the floor and the id of the policy it comes from on chain. */
export interface SealedFloor {
  readonly policyId: Hex;
  readonly floor: Floor;
}

/** The one text of a sealed floor (RFC 8785); this is what is stored and hashed. */
export function sealedFloorText({ policyId, floor }: SealedFloor): string {
  return canonicalJson({ version: "sealed-floor/v1", policyId, floor: JSON.parse(JSON.stringify(floor)) });
}

/** Hash of a sealed floor's text; the key layer's AAD carries it. */
export function sealedFloorHash(text: string): Hex {
  return keccak256(stringToBytes(text));
}

const hex = (bytes?: number) =>
  z.custom<Hex>(
    (value) => typeof value === "string" && new RegExp(bytes === undefined ? "^0x[0-9a-f]*$" : `^0x[0-9a-f]{${bytes * 2}}$`).test(value),
  );
const address = z.custom<Address>((value) => typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value));
const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/);
const natural = z.int().nonnegative();

const ruleSchema = z.strictObject({
  id: z.string(),
  target: address,
  selector: hex(4),
  adapter: z.boolean(),
  exactLength: natural.nullable(),
  recipient: z.strictObject({ word: natural, allowed: z.array(address) }).nullable(),
  valueMax: decimal,
  spends: z.array(z.strictObject({ token: address, word: natural, kind: z.enum(["transfer", "approve"]) })),
});

const sealedFloorSchema = z.strictObject({
  version: z.literal("sealed-floor/v1"),
  policyId: hex(32),
  floor: z.strictObject({
    version: z.literal("floor/v1"),
    chainId: decimal,
    module: address,
    account: address,
    key: address,
    validAfter: natural,
    validUntil: natural,
    maxOps: natural,
    rateWindow: natural,
    budgetWindow: natural,
    limits: z.array(z.strictObject({ token: address, perOp: decimal, perPeriod: decimal })),
    rules: z.array(ruleSchema),
    policyHash: hex(32),
  }),
});

/**
 * The floor in `text`, whose hash must be `expectedHash`. That hash itself is proven when the key is opened.
 * @throws InterlockError FENCED when the text is not the one that was sealed
 */
export function parseSealedFloor(text: string, expectedHash: Hex): SealedFloor {
  const parsed = sealedFloorHash(text) === expectedHash ? sealedFloorSchema.safeParse(parseJsonObject(text)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new InterlockError("FENCED", "the floor is not the one that was sealed; the key is quarantined", {
    details: { quarantined: true },
  });
}
