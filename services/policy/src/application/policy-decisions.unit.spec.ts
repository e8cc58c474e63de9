import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { canonicalDocument } from "#platform/session-policy/canonical.js";
import { NOT_BEFORE, policyDocument, USDC } from "#platform/session-policy/policy-document.builder.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import { verifyDecision } from "#platform/tickets/decision-ticket.js";
import { parseTicketKey, pinKeys } from "#platform/tickets/ticket-key.js";
import { call, question } from "../domain/question.builder.js";
import { DocumentCache } from "./document-cache.js";
import { lintReport } from "./lint-report.js";
import { PolicyDecisions } from "./policy-decisions.js";

const clock = { now: () => new Date(NOT_BEFORE * 1000) };
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = parseTicketKey(JSON.stringify(pair.privateKey.export({ format: "jwk" })));
const keys = pinKeys([pair.publicKey.export({ format: "jwk" })], "policy");
const documents = new DocumentCache(2);
const decisions = new PolicyDecisions({ documents, clock, ids: uuidV7Factory(clock), key });
const { policy, intent } = question();
const { to, value, data } = call();
const request = {
  executionId: "e1",
  sessionId: "s1",
  document: canonicalDocument(policyDocument()),
  policy: policyToMessage(policy),
  intent: {
    chainId: "31337",
    module: intent.module,
    policyId: intent.policyId,
    action: { call: { to, value: String(value), data } },
    nonce: "0",
    deadline: String(intent.deadline),
  },
  usage: undefined,
  at: String(NOT_BEFORE),
  conditions: [],
};

describe("a decision", () => {
  it("is recorded and signed over the very same facts", async () => {
    const { record, decision } = await decisions.decide(request);
    const claims = await verifyDecision(decision, { keys, now: NOT_BEFORE });
    expect(record).toMatchObject({ outcome: "allow", reasons: [], spends: [{ token: USDC, amount: "5" }], operations: 1, at: request.at });
    expect(record?.usageAfter?.operations).toEqual([request.at]);
    expect(claims).toMatchObject({
      decisionId: record?.decisionId,
      digest: record?.digest,
      policyHash: record?.policyHash,
      outcome: "allow",
      policyId: intent.policyId,
      executionId: "e1",
      sessionId: "s1",
    });
  });
  it("is signed when it is a denial too", async () => {
    const { record, decision } = await decisions.decide({ ...request, conditions: ["DbDown"] });
    expect(record?.reasons).toMatchObject([{ code: "CONDITION", actual: "DbDown" }]);
    expect((await verifyDecision(decision, { keys, now: NOT_BEFORE })).outcome).toBe("deny");
  });
  it.each([
    [{ ...request, executionId: "" }, "execution_id: is required"],
    [{ ...request, sessionId: "" }, "session_id: is required"],
    [{ ...request, at: String(NOT_BEFORE + 31) }, "at: must be within 30 s"],
    [{ ...request, at: String(NOT_BEFORE - 31) }, "at: must be within 30 s"],
    [{ ...request, document: "{}" }, "version:"],
    [{ ...request, policy: undefined }, "policy: is required"],
    [{ ...request, intent: undefined }, "intent: is required"],
  ])("is refused for a malformed request: %#", async (wrong, why) => {
    await expect(decisions.decide(wrong)).rejects.toThrow(why);
  });
  it.each([30, -30])("tolerates a clock %s s away", async (skew) => {
    await expect(decisions.decide({ ...request, at: String(NOT_BEFORE + skew) })).resolves.toBeDefined();
  });
});

describe("an explanation", () => {
  it("has every reason and no ticket", () => {
    const { record } = decisions.explain({ ...request, conditions: ["DbDown"], intent: { ...request.intent, chainId: "1" } });
    expect(record?.reasons.map(({ code }) => code)).toEqual(["CONDITION", "CHAIN_MISMATCH"]);
  });
  it.each([undefined, null])("wants a request (%s)", (absent) => {
    expect(() => decisions.explain(absent)).toThrow("request: is required");
  });
});

describe("the cache of documents", () => {
  it("gives the same compiled document again and drops the one not used for longest", () => {
    const cache = new DocumentCache(2);
    const text = (max: number) => canonicalDocument(policyDocument({ rate: { max, windowSeconds: 60 } }));
    const first = cache.compile(text(1));
    const second = cache.compile(text(2));
    expect(cache.compile(text(1))).toBe(first);
    cache.compile(text(3));
    expect(cache.size).toBe(2);
    expect(cache.compile(text(1))).toBe(first);
    expect(cache.compile(text(2))).not.toBe(second);
  });
});

describe("a lint report", () => {
  it("has canonical text, hash, summary and warnings", () => {
    const report = lintReport(JSON.stringify(policyDocument({ rate: { max: 0, windowSeconds: 60 } })));
    expect(report).toMatchObject({ problems: [], warnings: [{ code: "no-count-limit", path: "rate.max" }] });
    expect(report.summary).toContain("no limit on the number of operations");
    expect(report.policyHash).toMatch(/^0x[0-9a-f]{64}$/);
  });
  it("has nothing but problems when the document does not parse", () => {
    expect(lintReport("{")).toMatchObject({
      canonical: "",
      policyHash: "",
      problems: [{ code: "VALIDATION_FAILED", path: "document" }],
      warnings: [],
    });
  });
});
