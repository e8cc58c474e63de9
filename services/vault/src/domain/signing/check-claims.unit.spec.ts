import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, MODULE, USDC } from "#platform/session-policy/policy-document.builder.js";
import type { AuthorizationClaims, DecisionClaims } from "#platform/tickets/claims.js";
import { keyRecord } from "../session-key.builder.js";
import { checkClaims, type OwnFindings } from "./check-claims.js";

const hash = (byte: string) => `0x${byte.repeat(32)}` as const;
const times = { aud: "vault", iat: 1_800_000_000, exp: 1_800_000_030 } as const;
const common = { executionId: "exec-1", sessionId: "session-1", policyHash: hash("1a"), policyId: hash("2b"), digest: hash("3c") };

const decision = (over: Partial<DecisionClaims> = {}): DecisionClaims => ({
  ...times,
  ...common,
  iss: "policy",
  jti: "00000000-0000-4000-8000-000000000001",
  decisionId: "00000000-0000-4000-8000-000000000002",
  outcome: "allow",
  evaluatorVersion: "v1",
  ...over,
});

const authorization = (over: Partial<AuthorizationClaims> = {}): AuthorizationClaims => ({
  ...times,
  ...common,
  iss: "permissions",
  jti: "00000000-0000-4000-8000-000000000003",
  authorizationId: "00000000-0000-4000-8000-000000000004",
  keyRef: "key-1",
  generation: "1",
  account: ACCOUNT,
  chainId: "31337",
  module: MODULE,
  nonce: "7",
  deadline: "1800000100",
  spends: [{ token: USDC, amount: "5" }],
  operations: 1,
  ...over,
});

const own = (over: Partial<OwnFindings> = {}): OwnFindings => ({
  identity: keyRecord(),
  digest: common.digest,
  policyId: common.policyId,
  policyHash: common.policyHash,
  nonce: 7n,
  deadline: 1_800_000_100n,
  spending: { operations: 1, spends: [{ token: USDC, amount: 5n }] },
  ...over,
});

const invalid = (ticket: string, claim: string) =>
  expect.objectContaining({
    code: "TICKET_INVALID",
    message: `${ticket} ticket: ${claim} is not what the vault computed itself`,
    details: { ticket, claim },
  });

describe("the claims of the two tickets", () => {
  it("are taken when both are about what the vault found itself", () => {
    expect(() => checkClaims(decision(), authorization(), own())).not.toThrow();
  });

  it.each([
    ["sessionId", "session-2"],
    ["policyHash", hash("ff")],
    ["policyId", hash("ff")],
    ["digest", hash("ff")],
  ])("must name the vault's own %s in the decision", (claim, value) => {
    expect(() => checkClaims(decision({ [claim]: value }), authorization(), own())).toThrow(invalid("decision", claim));
  });

  it.each([
    ["executionId", "exec-2"],
    ["sessionId", "session-2"],
    ["keyRef", "key-2"],
    ["generation", "2"],
    ["account", ALICE],
    ["chainId", "1"],
    ["module", ALICE],
    ["policyHash", hash("ff")],
    ["policyId", hash("ff")],
    ["digest", hash("ff")],
    ["nonce", "8"],
    ["deadline", "1800000101"],
    ["operations", 2],
    ["spends", []],
    ["spends", [{ token: USDC, amount: "4" }]],
    ["spends", [{ token: ALICE, amount: "5" }]],
  ])("must name the vault's own %s in the authorization", (claim, value) => {
    expect(() => checkClaims(decision(), authorization({ [claim]: value }), own())).toThrow(invalid("authorization", claim));
  });

  it("do not allow what policy denied", () => {
    expect(() => checkClaims(decision({ outcome: "deny" }), authorization(), own())).toThrow(
      expect.objectContaining({ code: "POLICY_DENIED", message: "the decision ticket does not allow this" }),
    );
  });

  it("may write addresses in any case", () => {
    const upper = (address: string) => `0x${address.slice(2).toUpperCase()}`;
    const over = { account: upper(ACCOUNT), module: upper(MODULE), spends: [{ token: upper(USDC), amount: "5" }] };
    expect(() => checkClaims(decision(), authorization(over), own())).not.toThrow();
  });

  it("come to the same spending however it is split, ordered or padded with nothing", () => {
    const spends = [
      { token: ALICE, amount: "1" },
      { token: USDC, amount: "2" },
      { token: USDC, amount: "3" },
      { token: MODULE, amount: "0" },
    ];
    const spending = {
      operations: 1,
      spends: [
        { token: USDC, amount: 5n },
        { token: ALICE, amount: 1n },
      ],
    } as const;
    expect(() => checkClaims(decision(), authorization({ spends }), own({ spending }))).not.toThrow();
  });

  it("must be two tickets, not one used twice", () => {
    const { jti } = decision();
    expect(() => checkClaims(decision(), authorization({ jti }), own())).toThrow(invalid("authorization", "jti"));
  });
});
