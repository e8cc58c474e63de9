import { z } from "zod";
import { accountIdText, time } from "./fields.js";

const words = z.string();

/** Why something was refused; `code` is a row of the error table. */
export const reason = z
  .object({
    code: words,
    message: words.optional(),
    ruleId: words.optional(),
    path: words.optional(),
    operator: words.optional(),
    expected: words.optional(),
    actual: words.optional(),
  })
  .meta({ id: "Reason" });

export const safeTransaction = z
  .object({
    to: words.optional(),
    value: words.optional(),
    data: words.optional(),
    operation: z.int(),
    nonce: words.optional(),
    safeTxHash: words.optional(),
  })
  .meta({ id: "SafeTransaction", description: "A transaction of the Safe; owners sign safeTxHash" });

const tokenLimit = z.object({ token: words, perOp: words, perPeriod: words });

export const onchainPolicy = z
  .object({ maxOps: z.int(), maxSlippageBps: z.int(), limits: z.array(tokenLimit) })
  .catchall(z.union([z.string(), z.int(), z.array(tokenLimit)]))
  .meta({ id: "OnchainPolicy", description: "The Policy struct of SessionModule, field by field" });

export const session = z
  .object({
    sessionId: words,
    account: words,
    chainId: z.int(),
    state: words.describe("drafted, armed, disarmed, expired or revoked"),
    module: words.optional(),
    keyAddress: words.optional(),
    policyHash: words.optional(),
    policyId: words.optional(),
    document: z.record(z.string(), z.unknown()).optional(),
    policy: onchainPolicy.optional(),
    generation: words.optional(),
    validAfter: words.optional(),
    validUntil: words.optional(),
    summary: words.optional(),
    armedTransaction: words.optional(),
    endedReason: words.optional(),
    version: words.optional(),
    createdAt: words.optional(),
    armedAt: words.optional(),
    endedAt: words.optional(),
  })
  .meta({ id: "Session" });

export const grantDraft = z
  .object({
    sessionId: words,
    account: words,
    chainId: z.int(),
    keyAddress: words,
    policyHash: words,
    policyId: words,
    document: z.record(z.string(), z.unknown()).optional(),
    policy: onchainPolicy.optional(),
    module: words.optional(),
    armNonce: words.optional(),
    armDeadline: words.optional(),
    armDigest: words.optional(),
    safeMessageHash: words.optional(),
    safeMessage: z.record(z.string(), z.unknown()).optional().describe("Typed data for eth_signTypedData_v4"),
    owners: z.array(words),
    threshold: z.int(),
    signatures: z.array(z.object({ owner: words, at: words })),
    armWithSigCalldata: words.optional(),
    armTransaction: safeTransaction.optional(),
    summary: words.optional(),
    warnings: z.array(reason),
    expiresAt: words.optional(),
  })
  .meta({ id: "GrantDraft" });

export const principal = z
  .object({
    kind: z.enum(["owner", "agent"]),
    subject: words,
    chainId: z.int(),
    accounts: z.array(accountIdText),
    sessionId: words.optional(),
    authMethod: words,
    expiresAt: time,
    csrfToken: words.optional().describe("Web sessions: send it as X-CSRF-Token with every unsafe method"),
  })
  .meta({ id: "Principal" });

export const tokens = z.object({ accessToken: words, refreshToken: words.optional(), expiresIn: z.int() }).meta({ id: "Tokens" });

export const execution = z
  .object({
    executionId: words,
    sessionId: words,
    account: words.optional(),
    chainId: z.int().optional(),
    state: words,
    action: z.record(z.string(), z.unknown()).optional(),
    reasons: z.array(reason),
    attempts: z.array(z.record(z.string(), z.string())),
    transitions: z.array(z.record(z.string(), z.string())),
    transactionHash: words.optional(),
    blockNumber: words.optional(),
    blockHash: words.optional(),
    intentDigest: words.optional(),
    decisionId: words.optional(),
    createdAt: words.optional(),
    updatedAt: words.optional(),
    version: words.optional(),
  })
  .meta({ id: "Execution" });

export const decisionRecord = z
  .object({ outcome: words.optional(), reasons: z.array(reason) })
  .loose()
  .meta({ id: "DecisionRecord" });
