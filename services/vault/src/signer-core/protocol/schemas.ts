import type { Address, Hex } from "viem";
import { z } from "zod";

const isHex = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

/** Lower-case hex of exactly `bytes` bytes. */
export const fixedHex = (bytes: number) =>
  z.custom<Hex>(isHex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`)), `must be ${bytes} bytes of lower-case 0x hex`);

/** Lower-case hex of `min` to `max` bytes. */
export const boundedHex = (min: number, max: number) =>
  z.custom<Hex>(isHex(new RegExp(`^0x([0-9a-f]{2}){${min},${max}}$`)), `must be ${min} to ${max} bytes of lower-case 0x hex`);

/** An address in lower case: one text per address, because it goes into AAD. */
export const lowerAddress = z.custom<Address>(isHex(/^0x[0-9a-f]{40}$/), "must be a lower-case address");

/** Unsigned integer in canonical decimal. */
export const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "must be an unsigned decimal integer");

const identity = {
  keyRef: z.uuid(),
  sessionId: z.uuid(),
  account: lowerAddress,
  chainId: decimal,
  module: lowerAddress,
  owners: z.array(lowerAddress).min(1).max(64).readonly(),
  threshold: z.int().min(1).max(64),
  generation: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
};

/** An identity before its key exists. */
export const newIdentitySchema = z.strictObject(identity);

/** Sizes are free here within bounds: a record of a wrong size is refused like any other forgery, with the same words. */
export const keyRecordSchema = z.strictObject({
  ...identity,
  pubkey: boundedHex(0, 128),
  v: z.literal(1),
  alg: z.literal("secp256k1"),
  provider: z.string().min(1).max(32),
  kekVersion: z.int().min(1).max(1_000_000),
  dekSalt: boundedHex(0, 128),
  dekIv: boundedHex(0, 128),
  wrappedDek: boundedHex(0, 1024),
  iv: boundedHex(0, 128),
  encryptedKey: boundedHex(0, 1024),
  commitment: boundedHex(0, 128),
  floorHash: fixedHex(32),
});
