import { randomFillSync } from "node:crypto";

/**
 * `length` zero bytes for a secret, in memory that neither others are given nor the garbage collector moves: the shared pool would do the
 * one, and up to 64 bytes `Buffer.allocUnsafeSlow` puts into the JavaScript heap, whose collector leaves copies behind.
 * The caller wipes it in `finally`.
 */
export function secretBuffer(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

/** As `secretBuffer`, filled from the operating system's generator. */
export function randomSecret(length: number): Buffer {
  return randomFillSync(secretBuffer(length));
}

/** Overwrites secrets; what is undefined was never made. */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
