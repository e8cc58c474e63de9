import { z } from "zod";

/** The wire form of the on-chain policy with exactly its fields; their content is judged by policyFromMessage. */
export const policyMessageSchema = z.strictObject({
  safe: z.string(),
  key: z.string(),
  validAfter: z.string(),
  validUntil: z.string(),
  rateWindow: z.string(),
  maxOps: z.int(),
  budgetWindow: z.string(),
  epoch: z.string(),
  rulesBefore: z.string(),
  protocolMask: z.string(),
  scopeRoot: z.string(),
  maxSlippageBps: z.int(),
  policyHash: z.string(),
  limits: z.array(z.strictObject({ token: z.string(), perOp: z.string(), perPeriod: z.string() })).max(64),
});
