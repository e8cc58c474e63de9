import { z } from "zod";

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/) as z.ZodType<`0x${string}`>;
const reason = z.object({ code: z.string(), message: z.string().default("") }).loose();

/** The answers of the API as far as the CLI reads them; what it does not know it leaves alone. */
export const nonceAnswer = z.object({ nonce: z.string() });

const tokens = z.object({ accessToken: z.string(), refreshToken: z.string().optional() });

export const loginAnswer = z.object({
  status: z.enum(["complete", "collecting"]),
  collected: z.number().optional(),
  needed: z.number().optional(),
  tokens: tokens.optional(),
});

export const agentTokenAnswer = z.object({ accessToken: z.string() });

export const agentAnswer = z.object({ credentialId: z.string() }).loose();

export const draftAnswer = z
  .object({
    sessionId: z.string(),
    account: hex,
    keyAddress: hex,
    policyHash: hex,
    policyId: hex,
    module: hex,
    safeMessageHash: hex,
    safeMessage: z.unknown(),
    summary: z.string(),
    threshold: z.number(),
    signatures: z.array(z.object({ owner: z.string() }).loose()).default([]),
    armWithSigCalldata: z.string().default(""),
    warnings: z.array(reason).default([]),
  })
  .loose();

export const sessionAnswer = z
  .object({ sessionId: z.string(), account: z.string(), state: z.string(), policyHash: z.string(), keyAddress: z.string().default("") })
  .loose();

export const sessionsAnswer = z.object({ sessions: z.array(sessionAnswer), nextCursor: z.string().optional() }).loose();

export const revokeAnswer = z.object({ session: sessionAnswer, fence: z.string(), calldata: z.string(), to: z.string() }).loose();

export const executionAnswer = z
  .object({
    executionId: z.string(),
    sessionId: z.string(),
    state: z.string(),
    transactionHash: z.string().default(""),
    reasons: z.array(reason).default([]),
  })
  .loose();

export type Execution = z.infer<typeof executionAnswer>;

export const sponsorAnswer = z.object({ transactionHash: hex });
