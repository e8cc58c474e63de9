import { z } from "zod";

/** As what signer-core runs: what guards its memory, and what does not. */
export const processFactsSchema = z.strictObject({
  /** User id; -1 where the system has none. */
  uid: z.int(),
  /** Whether a crash may leave a file with what was in memory. */
  coreDumps: z.enum(["off", "on", "unknown"]),
  /** Kilobytes that are locked into memory (mlock). */
  lockedKilobytes: z.int().nullable(),
  /** Whether the system may write memory to a disk. */
  swap: z.enum(["none", "possible", "unknown"]),
});
export type ProcessFacts = z.infer<typeof processFactsSchema>;
