import { generateKeyPairSync } from "node:crypto";
import { encodeFunctionData, type Hex, maxUint256, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALICE, BOB, transferRule, USDC } from "#platform/session-policy/policy-document.builder.js";
import type { TicketKey } from "#platform/tickets/ticket-key.js";
import { SessionBed, type SigningBed, type SignOptions, transfer } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const THEFTS = ["policy's ticket key", "permissions' ticket key and RPC", "both"] as const;
type Theft = (typeof THEFTS)[number];

const MULTICALL = parseAbi(["function aggregate((address target, bytes callData)[] calls)"]);
const call = (to: string, data: Hex) => ({ intent: { action: { call: { to, value: "0", data } } } });
const wrapped = encodeFunctionData({
  abi: MULTICALL,
  functionName: "aggregate",
  args: [[{ target: USDC, callData: transfer(BOB, 1n) }]],
});
const approval: Hex = `0x095ea7b3${transfer(ALICE, maxUint256).slice(10)}`;

/** What a thief asks to have signed, with whatever tickets the stolen keys make. */
const SIGNED: readonly (readonly [what: string, options: SignOptions])[] = [
  ["a transfer that the owners allow", {}],
  ["a transfer to somebody else", call(USDC, transfer(BOB, 1_000_000n))],
  ["an unlimited approval", call(USDC, approval)],
  ["a transfer wrapped in a multicall", call("0xcA11bde05977b3631167028862bE2a173976CA11", wrapped)],
  ["more than one operation may spend", { amount: 500_000_001n }],
  ["the same on another chain", { intent: { chainId: "1" } }],
  ["under another policy", { intent: { policyId: `0x${"12".repeat(32)}` } }],
  ["with a deadline ten minutes away", { intent: { deadline: String(Math.floor(Date.now() / 1000) + 600) } }],
  ["with a lie about what it spends", { authorization: { spends: [] } }],
];

describe("what a thief of the neighbours' keys can still do", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  }, 300_000);
  afterAll(() => bed.close());

  /** The bed as a thief has it: an honest key where it was stolen, one of their own under the pinned name where it was not. */
  const stolen = (theft: Theft): SigningBed => {
    const forge = ({ kid }: TicketKey): TicketKey => ({ kid, key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey });
    const { policy, permissions } = bed.tickets;
    const tickets = {
      policy: theft === THEFTS[1] ? forge(policy) : policy,
      permissions: theft === THEFTS[0] ? forge(permissions) : permissions,
    };
    return { permissions: bed.permissions, relay: bed.relay, tickets };
  };
  const outcome = (attempt: Promise<unknown>) =>
    attempt.then(
      () => "**yes**",
      (error: { code?: string }) => `no: ${error.code}`,
    );
  const signing = async (theft: Theft, options: SignOptions) => {
    const session = await SessionBed.armed(stolen(theft));
    return outcome(session.sign(await session.signRequest(options)));
  };
  const overBudget = async (theft: Theft) => {
    const session = await SessionBed.armed(stolen(theft));
    let last = "";
    for (let i = 0; i < 12; i += 1) last = await outcome(session.signRequest({ amount: 1n }).then((request) => session.sign(request)));
    return last;
  };
  const sealing = async (theft: Theft, replay: boolean) => {
    if (theft === THEFTS[0]) return "no way there";
    const session = await SessionBed.generate(bed);
    const wide = session.draft({ rules: [transferRule({ where: { op: "in", path: "to", values: [ALICE, BOB] } })] });
    const byThief = await session.sealRequest([privateKeyToAccount(generatePrivateKey())], wide);
    if (!replay) return outcome(bed.permissions.sealFloor(byThief));
    const honest = await session.sealRequest();
    return outcome(bed.permissions.sealFloor({ ...byThief, signatures: honest.signatures }));
  };
  const stopping = async (theft: Theft) => {
    if (theft === THEFTS[0]) return "no way there";
    const { key } = await SessionBed.armed(bed);
    return outcome(bed.permissions.disarm({ keyRef: key.keyRef, reason: "theft", ownerSignature: "", deadline: "0", policyId: "" }));
  };

  it("is the table in the documentation", async () => {
    const rows: [string, (theft: Theft) => Promise<string>][] = [
      ...SIGNED.map(([what, options]): [string, (theft: Theft) => Promise<string>] => [
        `have signed: ${what}`,
        (theft) => signing(theft, options),
      ]),
      ["have signed: more operations than the owners allow in a window", overBudget],
      ["seal a wider policy", (theft) => sealing(theft, false)],
      ["seal a wider policy with an old signature of the owner", (theft) => sealing(theft, true)],
      ["stop the session", stopping],
    ];
    const lines = [
      "# What a thief of the neighbours' keys can still do",
      "",
      "Made by `services/vault/test/neighbours.int.spec.ts`, which tries each of these at a running vault. What may be signed is inside what the",
      "owners signed, and only up to the vault's own count of it.",
      "",
      `| with the stolen | ${THEFTS.join(" | ")} |`,
      `|---|${THEFTS.map(() => "---").join("|")}|`,
    ];
    for (const [what, attempt] of rows) {
      const outcomes: string[] = [];
      for (const theft of THEFTS) outcomes.push(await attempt(theft));
      lines.push(`| ${what} | ${outcomes.join(" | ")} |`);
    }
    const possible = lines.filter((line) => line.includes("**yes**")).map((line) => line.split(" | ")[0]);
    expect(possible).toEqual(["| have signed: a transfer that the owners allow", "| stop the session"]);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../../docs/security/stolen-neighbours.md");
  }, 120_000);
});
