import { expect, it } from "vitest";
import { ACCOUNT, ALICE, BOB, depositRule, policyDocument, transferRule, USDC, VAULT, VAULT_ADAPTER } from "./policy-document.builder.js";
import { summarise } from "./summary.js";

it("says in plain English what the owner is about to sign", () => {
  expect(summarise(policyDocument({ rules: [transferRule(), depositRule()] }))).toBe(
    [
      `A session key may act for the account ${ACCOUNT} on chain 31337.`,
      "It works from 2027-01-15 08:00:00 UTC until 2027-02-14 08:00:00 UTC.",
      `It may call transfer(address to,uint256 amount) of ${USDC} (erc20), only where to is ${ALICE}.`,
      `It may call deposit(address vault,uint256 assets) of ${VAULT_ADAPTER} (erc4626), only where vault is ${VAULT}.`,
      `Of token ${USDC} it may spend at most 500000000 in one operation and 2000000000 in any 24 hours.`,
      "Of any other token it may spend nothing.",
      "It may make at most 10 operations in any 24 hours.",
      "Everything else is denied.",
    ].join("\n"),
  );
});

it("spells out conditions, value, following and the lack of limits", () => {
  const where = {
    op: "and",
    of: [
      { op: "in", path: "to", values: [ALICE, BOB] },
      {
        op: "or",
        of: [
          { op: "lte", path: "amount", value: "5" },
          { op: "not", of: { op: "gt", path: "amount", value: "9" } },
        ],
      },
    ],
  };
  const poke = {
    id: "poke",
    protocol: "other",
    target: VAULT,
    fn: "poke(uint256 n,uint256[] ids,address who)",
    valueMax: "7",
    where: {
      op: "and",
      of: [
        { op: "bitmask", path: "n", mask: "3", value: "1" },
        { op: "every", path: "ids", of: { op: "ne", path: "", value: "0" } },
        { op: "some", path: "ids", of: { op: "eq", path: "", value: "4" } },
        { op: "eqAccount", path: "who" },
      ],
    },
  };
  const zero = "0x0000000000000000000000000000000000000000";
  const text = summarise(
    policyDocument({
      rules: [transferRule({ where }), poke],
      budgets: [{ token: zero, perOp: "1", perWindow: "2", windowSeconds: 7_200 }],
      rate: { max: 0, windowSeconds: 90 },
      follow: true,
    }),
  );
  expect(text).toContain(`only where (to is one of ${ALICE}, ${BOB} and (amount is at most 5 or not (amount is above 9)))`);
  expect(text).toContain(
    "with at most 7 wei, only where (n masked with 3 is 1 and every element of ids has (the element is not 0) and some element of ids has (the element is 4) and who is the account itself)",
  );
  expect(text).toContain("Of the native asset (wei) it may spend at most 1 in one operation and 2 in any 2 hours.");
  expect(text).toContain("There is no limit on the number of operations.");
  expect(text).toContain("Contracts added to the registry later may be used too.");
});

it.each([
  [1, 1, "at most 1 operation in any 1 second."],
  [2, 60, "at most 2 operations in any 1 minute."],
  [2, 90, "at most 2 operations in any 90 seconds."],
  [2, 3_600, "at most 2 operations in any 1 hour."],
  [2, 172_800, "at most 2 operations in any 2 days."],
])("says %s in %s seconds so that it can be read", (max, windowSeconds, sentence) => {
  const budgets: unknown[] = [];
  const text = summarise(policyDocument({ budgets, rate: { max, windowSeconds } }));
  expect(text).toContain(sentence);
  expect(text).toContain("It may spend no tokens and no native asset.");
});
