import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseTicketKey } from "#platform/tickets/ticket-key.js";

/** Text of a private P-256 JWK with a kid, parsed; the error never quotes it. */
export const p256PrivateText = z.string().transform((text, context) => {
  try {
    return parseTicketKey(text);
  } catch (error) {
    context.addIssue({
      code: "custom",
      message: error instanceof InterlockError ? error.message : "must be a private P-256 JWK with a kid",
    });
    return z.NEVER;
  }
});
