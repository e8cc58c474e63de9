import { type Address, isAddress } from "viem";
import { z } from "zod";
import { conditionSchema } from "./condition-schema.js";

/** Longest life of a policy in seconds (SessionModule: 365 days). */
export const MAX_VALIDITY_SECONDS = 365 * 86_400;
const MAX_SECONDS = 2 ** 32 - 1;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be a 20-byte address")
  .refine((text) => isAddress(text), "has a wrong checksum (EIP-55)")
  .transform((text) => text.toLowerCase() as Address);

/** Unsigned decimal of at most `bits` bits, kept as text: JSON numbers cannot hold a uint256. */
const decimal = (bits: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,77})$/, "must be an unsigned decimal integer")
    .refine((text) => BigInt(text) >> BigInt(bits) === 0n, `must fit in uint${bits}`);

const seconds = z.int().min(1).max(MAX_SECONDS);
const time = z
  .int()
  .min(1)
  .max(2 ** 40 - 1);

const spend = z
  .strictObject({
    token: address.describe("Token whose budget the amount counts against"),
    path: z.string().min(1).max(100).describe("Top-level unsigned integer argument that holds the amount"),
    kind: z.enum(["transfer", "approve"]).describe("An approval counts as spending and is allowed only inside a batch"),
  })
  .describe("What one call of the rule spends. Enforced: chain and server");

const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and dashes"),
    protocol: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
      .describe("Label of a protocol of the deployment. Enforced: chain"),
    target: address.describe("Contract that is called, or the adapter. Enforced: chain and server"),
    fn: z.string().min(3).max(500).describe("Human-readable signature with named arguments. Enforced: chain (selector) and server"),
    recipient: z
      .string()
      .min(1)
      .max(100)
      .exactOptional()
      .describe("Argument that the registry treats as recipient, where the function is not a well-known one"),
    valueMax: decimal(128).default("0").describe("Most native value of one call, in wei. Enforced: server; budgets of token 0x0 on chain"),
    where: conditionSchema.exactOptional().describe("Test of the arguments. Enforced: server; the recipients it admits also on chain"),
    spends: z.array(spend).max(4).default([]),
  })
  .describe("One allowed function. What no rule allows is denied");

const budget = z
  .strictObject({
    token: address.describe("Token, or 0x0 for the native asset"),
    perOp: decimal(128).describe("Most of one call, smallest unit"),
    perWindow: decimal(112).describe("Most in any stretch of windowSeconds, smallest unit"),
    windowSeconds: seconds.describe("The same in every budget: the chain has one budget window"),
  })
  .describe("Limit of one token. Enforced: chain and server");

/** Shape of a session-policy/v1 document; what a shape cannot say is checked by parsePolicyDocument. */
export const policyDocumentSchema = z
  .strictObject({
    version: z.literal("session-policy/v1"),
    chainId: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    account: address.describe("The Safe"),
    notBefore: time.describe("First second (Unix time) at which the session works. Enforced: chain and server"),
    notAfter: time.describe("First second at which it works no more, at most 365 days later. Enforced: chain and server"),
    rules: z.array(rule).min(1).max(32),
    budgets: z.array(budget).max(16).default([]),
    rate: z
      .strictObject({ max: z.int().min(0).max(10).describe("0: no count limit"), windowSeconds: seconds })
      .describe("Most operations in any stretch of windowSeconds. Enforced: chain and server"),
    maxSlippageBps: z
      .int()
      .min(1)
      .max(9_999)
      .exactOptional()
      .describe(
        "Most by which a swap or order may be worse than the price feed, in 1/100 of a percent; absent: not at all. Enforced: chain",
      ),
    follow: z.boolean().default(false).describe("true: rules added to the registry after arming count too. Enforced: chain"),
  })
  .meta({ id: "session-policy-v1", title: "session-policy/v1" });

/** A checked document: addresses in lower case, defaults filled in, amounts as decimal text. */
export type PolicyDocument = z.output<typeof policyDocumentSchema>;
export type PolicyRule = PolicyDocument["rules"][number];
export type PolicyBudget = PolicyDocument["budgets"][number];
