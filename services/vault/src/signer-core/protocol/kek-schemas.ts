import { z } from "zod";
import { boundedHex, fixedHex, lowerAddress } from "./schemas.js";

const version = z.int().min(1).max(1_000_000);

export const kekVersionSchema = z.strictObject({ version, state: z.enum(["active", "decrypt-only"]) });

export const kekLimitsSchema = z.strictObject({ minDecryptVersion: version, destroyed: z.array(version).max(10_000) });

export const sealStateSchema = z.strictObject({ have: z.int(), need: z.int() });

const wrappedDek = {
  provider: z.string().min(1).max(32),
  kekVersion: version,
  dekSalt: boundedHex(0, 128),
  dekIv: boundedHex(0, 128),
  wrappedDek: boundedHex(0, 1024),
};

export const wrappedDekSchema = z.strictObject(wrappedDek);

/** The data-key layer of a row with what binds it: all that a rewrap needs. */
export const rewrapRowSchema = z.strictObject({
  ...wrappedDek,
  keyRef: z.uuid(),
  account: lowerAddress,
  generation: z.int().min(1),
  commitment: fixedHex(32),
});
