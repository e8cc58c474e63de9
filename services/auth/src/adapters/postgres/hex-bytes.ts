import type { Hex } from "viem";

/** Bytes of 0x-prefixed hex, for a bytea column. */
export const toBytes = (hex: Hex): Buffer => Buffer.from(hex.slice(2), "hex");

/** 0x-prefixed hex of a bytea column. */
export const toHexText = (bytes: Buffer): Hex => `0x${bytes.toString("hex")}`;
