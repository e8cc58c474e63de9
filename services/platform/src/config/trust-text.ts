import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";
import { parseTrust } from "../service-auth/trust.js";

/** Text of a trust file, parsed. */
export const trustText = z.string().transform((text, context) => {
  try {
    return parseTrust(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof InterlockError ? error.message : "is malformed" });
    return z.NEVER;
  }
});
