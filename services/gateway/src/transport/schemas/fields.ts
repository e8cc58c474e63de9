import { z } from "zod";

/** Formats that appear all over the API. Each is strict, so that what passes here means one thing everywhere behind. */
export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "must be a lower-case UUID")
  .describe("UUID, lower case");
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hex digits")
  .describe("EVM address");
export const hash32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "must be 32 bytes of hex")
  .describe("32 bytes of hex");
export const decimal = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, "must be a decimal number without sign or leading zeros")
  .describe("Decimal number in the smallest unit");
/** `max` in bytes. */
export const hexBytes = (max: number) =>
  z
    .string()
    .max(2 + 2 * max, `must be at most ${max} bytes`)
    .regex(/^0x([0-9a-fA-F]{2})*$/, "must be whole bytes of hex")
    .describe("Bytes as hex");
export const chainId = z.int("must be a chain id").min(1).max(Number.MAX_SAFE_INTEGER).describe("EIP-155 chain id");
export const time = z.string().describe("RFC 3339 time");
export const accountIdText = z.string().describe("chainId:0xaddress, lower case");
/** Printable text of at most `max` characters. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x20-\x7e\u00a0-\ud7ff]*$/, "must be printable text");
/** Query texts that are numbers. */
export const limit = z
  .string()
  .regex(/^([1-9]|[1-9][0-9]|1[0-9]{2}|200)$/, "must be 1 to 200")
  .describe("Most entries in the answer, 1 to 200");
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_=.:-]{1,500}$/, "must be a cursor of an earlier answer")
  .describe("Opaque: next of the page before");
