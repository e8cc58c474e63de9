import { describe, expect, it } from "vitest";
import { canonicalDocument, policyHash } from "./canonical.js";
import { inspectDocument, MAX_DOCUMENT_CHARS, parsePolicyDocument } from "./parse.js";
import {
  ACCOUNT,
  ALICE,
  BOB,
  closeRule,
  depositRule,
  draftDocument,
  NOT_BEFORE,
  policyDocument,
  transferRule,
  USDC,
  VAULT,
} from "./policy-document.builder.js";

const problemsOf = (document: unknown): string[] => {
  const inspected = inspectDocument(typeof document === "string" ? document : JSON.stringify(document));
  return inspected.ok ? [] : inspected.problems.map(({ path, rule }) => `${path}: ${rule}`);
};
const withRule = (over: Readonly<Record<string, unknown>>) => draftDocument({ rules: [transferRule(over)] });
const other = (over: Readonly<Record<string, unknown>>) => ({
  id: "poke",
  protocol: "other",
  target: VAULT,
  fn: "poke(uint256 n)",
  ...over,
});

describe("a policy document", () => {
  it("gets its defaults and lower-case addresses", () => {
    const document = policyDocument({ account: ACCOUNT.toUpperCase().replace("0X", "0x") });
    expect(document.account).toBe(ACCOUNT);
    expect(document.follow).toBe(false);
    expect(document.rules[0]?.valueMax).toBe("0");
  });
  it("may trade on a market through its adapter, with the fee counted as native value", () => {
    const document = parsePolicyDocument(JSON.stringify(draftDocument({ rules: [closeRule()], maxSlippageBps: 100 })));
    expect(document).toMatchObject({ maxSlippageBps: 100, rules: [{ protocol: "gmx" }] });
  });

  it("parses to itself from its canonical text", () => {
    const document = policyDocument({ rules: [transferRule(), depositRule()] });
    expect(parsePolicyDocument(canonicalDocument(document))).toEqual(document);
  });
  it("has one hash whatever the order of its keys", () => {
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(draftDocument()).toReversed()));
    expect(policyHash(parsePolicyDocument(reversed))).toBe(policyHash(policyDocument()));
  });
  it("has another hash with another limit", () => {
    expect(policyHash(policyDocument({ rate: { max: 9, windowSeconds: 86_400 } }))).not.toBe(policyHash(policyDocument()));
  });
  it("is refused with the first problem in words and all of them in the details", () => {
    const text = JSON.stringify(draftDocument({ notAfter: NOT_BEFORE, rules: [transferRule(), transferRule({ where: undefined })] }));
    expect(() => parsePolicyDocument(text)).toThrow(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        details: expect.objectContaining({ field: "notAfter", value: String(NOT_BEFORE) }),
      }),
    );
    expect(problemsOf(text)).toHaveLength(3);
  });
});

describe("a document is refused when", () => {
  it.each([
    ["it is no JSON", "{", "document: must be JSON"],
    ["it is too long", " ".repeat(MAX_DOCUMENT_CHARS + 1), "document: must be text of at most"],
    ["it is no object", "[]", "document: "],
    ["it is nested too deep", "[".repeat(60) + "]".repeat(60), "document: must not be nested"],
    ["it has an unknown field", draftDocument({ admin: true }), "document: "],
    ["its version is another", draftDocument({ version: "session-policy/v2" }), "version: "],
    ["its account is no address", draftDocument({ account: "0x1" }), "account: must be a 20-byte address"],
    [
      "its account has a wrong checksum",
      draftDocument({ account: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49" }),
      "account: has a wrong checksum",
    ],
    ["it ends before it begins", draftDocument({ notAfter: NOT_BEFORE }), "notAfter: must be after notBefore"],
    ["it lives longer than 365 days", draftDocument({ notAfter: NOT_BEFORE + 365 * 86_400 + 1 }), "notAfter: must be at most 365 days"],
    ["it may trade at any price", draftDocument({ maxSlippageBps: 10_000 }), "maxSlippageBps: "],
    [
      "an order's execution fee is not counted",
      draftDocument({ rules: [closeRule({ spends: [] })] }),
      "rules[0].spends: must count executionFee as transfer of 0x0000000000000000000000000000000000000000",
    ],
    [
      "an order's market is anything",
      draftDocument({ rules: [closeRule({ where: undefined })] }),
      "rules[0].where: must bound the recipient market",
    ],
    ["it has no rules", draftDocument({ rules: [] }), "rules: "],
    ["it allows more than 10 operations", draftDocument({ rate: { max: 11, windowSeconds: 1 } }), "rate.max: "],
    ["its rate window is 0", draftDocument({ rate: { max: 1, windowSeconds: 0 } }), "rate.windowSeconds: "],
    [
      "an amount is a JSON number",
      draftDocument({ budgets: [{ token: USDC, perOp: 1, perWindow: "1", windowSeconds: 1 }] }),
      "budgets[0].perOp: ",
    ],
    [
      "a limit is above uint112",
      draftDocument({ budgets: [{ token: USDC, perOp: "1", perWindow: String(2n ** 112n), windowSeconds: 1 }] }),
      "budgets[0].perWindow: must fit in uint112",
    ],
    [
      "two rules have one id",
      draftDocument({ rules: [transferRule(), depositRule({ id: "pay" })] }),
      "rules[1].id: must not be given twice",
    ],
    [
      "two rules admit one recipient",
      draftDocument({ rules: [transferRule(), transferRule({ id: "tip" })] }),
      "rules.tip: target, function and recipient are those of rule pay too",
    ],
    [
      "a rule calls the account",
      withRule({ target: ACCOUNT, spends: [{ token: ACCOUNT, path: "amount", kind: "transfer" }] }),
      "rules[0].target: must not be the account",
    ],
    ["a function is none", withRule({ fn: "transfer" }), "rules[0].fn: must be a function signature"],
    ["a function has an unknown type", withRule({ fn: "transfer(word to)" }), "rules[0].fn: must be a function signature"],
    ["an argument has no name", withRule({ fn: "transfer(address,uint256 amount)" }), "rules[0].fn: must be a function signature"],
    ["two arguments have one name", withRule({ fn: "transfer(address to,uint256 to)" }), "rules[0].fn: "],
    [
      "a function carries other calls",
      draftDocument({ rules: [other({ fn: "multicall(bytes[] data)" })] }),
      "rules[0].fn: carries other calls",
    ],
    [
      "a function executes others",
      draftDocument({ rules: [other({ fn: "Execute(address to,bytes data)" })] }),
      "rules[0].fn: carries other calls",
    ],
    [
      "an adapter has no such operation",
      draftDocument({ rules: [depositRule({ fn: "mint(address vault,uint256 assets)" })] }),
      "rules[0].fn: is no operation of the erc4626 adapter",
    ],
    ["a transfer takes value", withRule({ valueMax: "1" }), "rules[0].valueMax: must be 0"],
    ["a transfer is not counted", withRule({ spends: [] }), `rules[0].spends: must count amount as transfer of ${USDC}`],
    [
      "a transfer is counted as another token",
      withRule({ spends: [{ token: BOB, path: "amount", kind: "transfer" }] }),
      "rules[0].spends: must count amount",
    ],
    [
      "a transfer is counted as approval",
      withRule({ spends: [{ token: USDC, path: "amount", kind: "approve" }] }),
      "rules[0].spends: must count amount",
    ],
    [
      "a deposit is not counted",
      draftDocument({ rules: [depositRule({ spends: [] })] }),
      "rules[0].spends: must count assets as transfer of the token that is paid",
    ],
    [
      "an amount is no argument",
      draftDocument({ rules: [other({ spends: [{ token: USDC, path: "m", kind: "transfer" }] })] }),
      "rules[0].spends[0].path: must name a top-level unsigned integer",
    ],
    [
      "an amount is an address",
      withRule({ spends: [{ token: USDC, path: "to", kind: "transfer" }] }),
      "rules[0].spends[0].path: must name",
    ],
    ["nobody is named as recipient", withRule({ where: undefined }), "rules[0].where: must bound the recipient to"],
    [
      "the recipient is only excluded",
      withRule({ where: { op: "ne", path: "to", value: ALICE } }),
      "rules[0].where: must bound the recipient to",
    ],
    [
      "no recipient is possible",
      withRule({
        where: {
          op: "and",
          of: [
            { op: "eq", path: "to", value: ALICE },
            { op: "eq", path: "to", value: BOB },
          ],
        },
      }),
      "rules[0].where: must bound",
    ],
    [
      "the recipient is no argument",
      draftDocument({ rules: [other({ recipient: "who" })] }),
      "rules[0].recipient: must name the recipient",
    ],
    ["the recipient is no address", draftDocument({ rules: [other({ recipient: "n" })] }), "rules[0].recipient: must name the recipient"],
    ["the recipient of a transfer is another argument", withRule({ recipient: "amount" }), "rules[0].recipient: must name the recipient"],
    [
      "budgets have different windows",
      draftDocument({ budgets: [USDC, BOB].map((token, i) => ({ token, perOp: "1", perWindow: "1", windowSeconds: 1 + i })) }),
      "budgets[1].windowSeconds: must be the same",
    ],
    [
      "a token has two budgets",
      draftDocument({ budgets: [USDC, USDC].map((token) => ({ token, perOp: "1", perWindow: "1", windowSeconds: 1 })) }),
      "budgets[1].token: must not be given twice",
    ],
  ])("%s", (_why, document, problem) => {
    expect(
      problemsOf(document).some((one) => one.startsWith(problem)),
      problemsOf(document).join("; "),
    ).toBe(true);
  });
});
