import { type Address, getAddress, type Hex, isAddress } from "viem";
import { InterlockError } from "../errors/interlock-error.js";
import { RecentCache } from "../kernel/recent-cache.js";

/** Refuses `field` with the rule it breaks and (the start of) the value seen. */
export function refuseField(field: string, rule: string, value: unknown): never {
  const seen = String(value).slice(0, 100);
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: seen } });
}

/** A 20-byte address in checksum form; mixed case must be a right checksum (EIP-55). @throws InterlockError VALIDATION_FAILED */
export function parseAddress(field: string, value: string): Address {
  const known = checksummed.get(value);
  if (known !== undefined) return known;
  if (typeof value !== "string" || !isAddress(value)) refuseField(field, "must be an address", value);
  const address = getAddress(value);
  checksummed.set(value, address);
  return address;
}

/** Addresses that were read before: a deployment names the same few again and again, and a checksum is a hash. */
const checksummed = new RecentCache<string, Address>(4_096);

/** Lower-case hex of any whole number of bytes. @throws InterlockError VALIDATION_FAILED */
export function parseBytes(field: string, value: string, maxBytes: number): Hex {
  if (typeof value !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(value)) refuseField(field, "must be 0x-prefixed hex bytes", value);
  if (value.length > 2 + 2 * maxBytes) refuseField(field, `must be at most ${maxBytes} bytes`, value);
  return `0x${value.slice(2).toLowerCase()}`;
}

/** Lower-case hex of exactly 32 bytes. @throws InterlockError VALIDATION_FAILED */
export function parseBytes32(field: string, value: string): Hex {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{64}$/.test(value)) refuseField(field, "must be 32 bytes of 0x-prefixed hex", value);
  return `0x${value.slice(2).toLowerCase()}`;
}

/** An unsigned integer of at most `bits` bits in canonical decimal. @throws InterlockError VALIDATION_FAILED */
export function parseUint(field: string, value: string, bits: number): bigint {
  if (typeof value !== "string" || !/^(0|[1-9][0-9]{0,77})$/.test(value)) refuseField(field, "must be an unsigned decimal integer", value);
  const number = BigInt(value);
  if (number >> BigInt(bits) !== 0n) refuseField(field, `must fit in uint${bits}`, value);
  return number;
}

/** As parseUint for at most 52 bits, as a number. @throws InterlockError VALIDATION_FAILED */
export function parseUintNumber(field: string, value: string, bits: number): number {
  return Number(parseUint(field, value, bits));
}
