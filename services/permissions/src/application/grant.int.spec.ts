import { encodeAbiParameters, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type OnchainPolicyStruct, policyId } from "#platform/session-policy/onchain-policy.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type { GrantDraft } from "#proto/interlock/permissions/v1/permissions.js";
import { hash, KEY, SAFE, TOKEN } from "../testing/session.builder.js";
import { as, createWorld, owner, type Replica } from "../testing/world.js";

let world: Awaited<ReturnType<typeof createWorld>>;
let replica: Replica;
const owners = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())] as const;
const DOCUMENT = JSON.stringify({
  version: "session-policy/v1",
  rules: [
    {
      id: "pay",
      protocol: "erc20",
      target: TOKEN,
      fn: "transfer(address to,uint256 amount)",
      where: { op: "in", path: "to", values: [SAFE] },
      spends: [{ token: TOKEN, path: "amount", kind: "transfer" }],
    },
  ],
  budgets: [{ token: TOKEN, perOp: "100", perWindow: "1000", windowSeconds: 86_400 }],
  rate: { max: 10, windowSeconds: 86_400 },
});

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  replica = world.replica();
  world.chain.facts = { owners: owners.map(({ address }) => address), threshold: 2, nonce: 3n, moduleEnabled: true, epoch: 0 };
  world.chain.stands = { armed: true, revoked: false, epoch: 0, moduleEnabled: true, blockNumber: 9n };
  world.chain.transaction = undefined;
  world.vault.away = false;
});

const asOwner = <T>(work: () => Promise<T>) => as("gateway", owner, work);
const request = { account: SAFE, chainId: "31337", document: DOCUMENT, preset: "24h", idempotencyKey: "" };
const draft = (changes: Partial<typeof request> = {}) => asOwner(() => replica.useCases.draftGrant({ ...request, ...changes }));
const sign = async ({ sessionId, safeMessageHash }: GrantDraft, signer: (typeof owners)[number]) => {
  const signature = await signer.sign({ hash: safeMessageHash as Hex });
  return asOwner(() => replica.useCases.addGrantSignature.execute({ sessionId, owner: signer.address, signature }));
};
const confirm = (sessionId: string, signatures = "") =>
  asOwner(() => replica.useCases.confirmGrant.execute({ sessionId, transactionHash: hash("66"), signatures }));

/** The chain shows the draft's policy as armed, changed as told. */
function arm(grant: GrantDraft, change: Partial<OnchainPolicyStruct> = {}): void {
  const policy = { ...policyFromMessage(grant.policy), ...change };
  const log = { safe: policy.safe, key: policy.key, policyId: policyId(policy), policy, logIndex: 2 };
  const block = { blockNumber: 5n, blockHash: hash("77") as Hex, confirmations: 1, signatures: undefined };
  world.chain.transaction = { succeeded: true, ...block, armed: [log] };
}
async function signedDraft(): Promise<GrantDraft> {
  const grant = await draft();
  await sign(grant, owners[0]);
  return sign(grant, owners[1]);
}

describe("drafting a grant", () => {
  it("says what it allows, what the owners sign and when they have all signed", async () => {
    const grant = await draft();
    expect(grant).toMatchObject({ account: SAFE, keyAddress: KEY, threshold: 2, signatures: [], armWithSigCalldata: "" });
    expect(grant.summary).toContain("at most 10 operations");
    const one = await sign(grant, owners[0]);
    expect([one.signatures.length, one.armWithSigCalldata]).toEqual([1, ""]);
    const both = await sign(grant, owners[1]);
    expect(both.armWithSigCalldata.slice(0, 2)).toBe("0x");
    expect(both.armWithSigCalldata.length).toBeGreaterThan(1_000);
  });

  it("once per idempotency key; the key with another body is refused", async () => {
    const [a, b] = [await draft({ idempotencyKey: "k1" }), await draft({ idempotencyKey: "k1" })];
    expect(b).toEqual(a);
    await expect(draft({ idempotencyKey: "k1", preset: "1h" })).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  it("is refused for a foreign account, another chain, an unknown preset, and under a condition", async () => {
    await expect(draft({ account: KEY })).rejects.toMatchObject({ code: "ACCOUNT_NOT_OWNED" });
    await expect(draft({ preset: "2h" })).rejects.toMatchObject({ code: "VALIDATION_FAILED", details: { field: "preset" } });
    await expect(draft({ document: "{" })).rejects.toMatchObject({ code: "VALIDATION_FAILED", details: { field: "document" } });
    world.conditions.push("SignerDown");
    await expect(draft()).rejects.toMatchObject({ code: "CONDITION" });
    world.conditions.pop();
  });

  it("refuses a signature that is not the owner's", async () => {
    const grant = await draft();
    const stranger = privateKeyToAccount(generatePrivateKey());
    const signature = await stranger.sign({ hash: grant.safeMessageHash as Hex });
    const add = (name: string) =>
      asOwner(() => replica.useCases.addGrantSignature.execute({ sessionId: grant.sessionId, owner: name, signature }));
    await expect(add(owners[0].address)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    await expect(add(stranger.address)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });
});

describe("confirming a grant", () => {
  it("arms what the chain shows to be exactly the drafted policy, and again is no error", async () => {
    const grant = await signedDraft();
    arm(grant);
    expect(await confirm(grant.sessionId)).toMatchObject({ state: "armed", armedTransaction: hash("66"), version: "5" });
    expect(await confirm(grant.sessionId)).toMatchObject({ state: "armed", version: "5" });
    expect(world.vault.sealed.at(-1)?.document).toBe(grant.document);
  });

  it.each([
    ["wider limits", (p: OnchainPolicyStruct) => ({ limits: p.limits.map((limit) => ({ ...limit, perPeriod: limit.perPeriod + 1n })) })],
    ["a longer life", (p: OnchainPolicyStruct) => ({ validUntil: p.validUntil + 1 })],
    ["no scope", () => ({ scopeRoot: hash("00") as Hex })],
    ["no count limit", () => ({ maxOps: 0 })],
    ["another account", () => ({ safe: KEY as Hex })],
    ["another key", () => ({ key: SAFE as Hex })],
  ])("refuses %s under the right policyHash, and seals nothing", async (_, change) => {
    const grant = await signedDraft();
    arm(grant, change(policyFromMessage(grant.policy)));
    const sealed = world.vault.sealed.length;
    await expect(confirm(grant.sessionId)).rejects.toMatchObject({ code: "POLICY_MISMATCH" });
    expect(world.vault.sealed).toHaveLength(sealed);
  });

  it.each([
    ["revoked since", { revoked: true, armed: false }, "EXTERNALLY_REVOKED"],
    ["unknown to the module", { armed: false }, "POLICY_MISMATCH"],
    ["of an older epoch", { epoch: 1 }, "STALE_EPOCH"],
    ["without the module", { moduleEnabled: false }, "EXTERNALLY_REVOKED"],
  ])("refuses a session that is %s", async (_, stands, code) => {
    const grant = await signedDraft();
    arm(grant);
    world.chain.stands = { ...world.chain.stands, ...stands };
    await expect(confirm(grant.sessionId)).rejects.toMatchObject({ code });
  });

  it("waits for the transaction, and fails closed without chain or vault", async () => {
    const grant = await signedDraft();
    await expect(confirm(grant.sessionId)).rejects.toMatchObject({ code: "CONFLICT" });
    arm(grant);
    world.vault.away = true;
    await expect(confirm(grant.sessionId)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    world.vault.away = false;
    expect(await confirm(grant.sessionId)).toMatchObject({ state: "armed" });
  });

  it("wants the owners' signatures: one of two is not enough, and random bytes are none", async () => {
    const grant = await draft();
    const one = await owners[0].sign({ hash: grant.safeMessageHash as Hex });
    arm(grant);
    await expect(confirm(grant.sessionId)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    await expect(confirm(grant.sessionId, one)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    await expect(confirm(grant.sessionId, encodeAbiParameters([{ type: "uint256" }], [1n]))).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
    });
  });
});
