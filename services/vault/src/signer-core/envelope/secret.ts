import { randomFillSync } from "node:crypto";

/**
 * `length` zero bytes outside Node's shared pool, for secrets: a pooled buffer would leave its bytes in memory that others are given.
 * The caller wipes it in `finally`.
 */
export function secretBuffer(length: number): Buffer {
  return Buffer.allocUnsafeSlow(length).fill(0);
}

/** As `secretBuffer`, filled from the operating system's generator. */
export function randomSecret(length: number): Buffer {
  return randomFillSync(secretBuffer(length));
}

/** Overwrites secrets; what is undefined was never made. */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
