import { z } from "zod";
import { grpcVariables } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { variable } from "#platform/config/variable.js";
import { parseTicketKey } from "#platform/tickets/ticket-key.js";

const ticketKey = z.string().transform((text, context) => {
  try {
    return parseTicketKey(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be a private P-256 JWK" });
    return z.NEVER;
  }
});

/** Everything policy reads from its environment. */
export const policyConfig = {
  ...grpcVariables,
  ticketKey: variable({
    env: "TICKET_KEY",
    schema: ticketKey,
    secret: true,
    description: "Private P-256 JWK that signs decision tickets; normally given as TICKET_KEY_FILE.",
  }),
  documentCacheSize: variable({
    env: "DOCUMENT_CACHE_SIZE",
    schema: integer(1, 100_000).default(10_000),
    description: "Most compiled policy documents kept in memory; verdicts are never kept.",
  }),
};
