import { randomUUID } from "node:crypto";
import { type Address, encodeFunctionData, type Hex, parseAbi, toFunctionSelector } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { encodeExecSigned } from "#platform/intent/encode-exec-signed.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { policyFromMessage, policyToMessage } from "#platform/session-policy/policy-message.js";
import type { Action, Intent } from "#proto/interlock/common/v1/common.js";
import type { PermissionsServiceClient, Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import { execSafeTransaction } from "../../contracts/deploy/exec-safe-transaction.js";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import type { Stack } from "../../deploy/local/stack.js";
import { chainRefusal } from "../support/e2e/chain-refusal.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { transfer, use } from "../support/e2e/execution.js";
import { addSignature, draft, grant } from "../support/e2e/grant.js";
import { Impostor } from "../support/e2e/impostor.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, newWallet, type OwnedSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { ownPolicy, type Spending, StolenPermissions, signedPolicy } from "../support/e2e/stolen-permissions.js";

/** What the owners sign: 100 at once, 300 in a day. */
const LIMITS = { perOp: 100n * USDC, perWindow: 300n * USDC, max: 10 };
const FAR = 9_999_999_999n;
const WIDE = { perOp: 9_000n * USDC, perWindow: 9_000n * USDC, max: 10 };
/** The vault judged it and said no: not a call that was malformed, or that nobody answered. */
const REFUSED = expect.stringMatching(/^(TICKET_|FLOOR_|POLICY_|.*_MISMATCH|.*_EXCEEDED|.*_NOT_ALLOWED)/);

let stack: Stack;
let safe: OwnedSafe;
let owner: Client;
let relay: Impostor;
let permissions: Impostor;
let vaultForRelay: GrpcClient<VaultServiceClient>;
let permissionsForRelay: GrpcClient<PermissionsServiceClient>;
let nonce = 1_000_000;

const pay = (amount: bigint, to: Address = payees(stack.world)[0]): Action => transfer(stack.world.token, to, amount);
const spending = (amount: bigint): Spending => ({
  spends: [{ token: stack.world.token.toLowerCase(), amount: String(amount) }],
  operations: 1,
});

function intentOf(session: Session, action: Action, id = session.policyId): Intent {
  nonce += 1;
  const deadline = String(Math.floor(Date.now() / 1000) + 100);
  return { chainId: session.chainId, module: session.module, policyId: id, action, nonce: String(nonce), deadline };
}

/** A session the owners granted, as the relay sees it. */
async function granted(): Promise<Session> {
  const { sessionId } = await grant(stack, owner, safe, payments(stack.world, LIMITS));
  return permissionsForRelay.getSession({ sessionId }, { act: null });
}

beforeAll(async () => {
  stack = await readyStack();
  safe = await newSafe(stack);
  const anybody = new Client(stack.gatewayUrl);
  owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
  relay = new Impostor(stack, "relay");
  permissions = new Impostor(stack, "permissions");
  vaultForRelay = relay.client<VaultServiceClient>("vault");
  permissionsForRelay = relay.client<PermissionsServiceClient>("permissions");
});
afterAll(async () => {
  relay?.close();
  permissions?.close();
  await stack?.stop();
});

describe("with permissions' keys stolen", () => {
  let session: Session;
  let thief: StolenPermissions;
  let vault: GrpcClient<VaultServiceClient>;

  /** The relay is honest and passes on what it is given. */
  const sign = (intent: Intent, tickets: { readonly decision: string; readonly authorization: string }) => {
    const { decision, authorization } = tickets;
    return vaultForRelay.sign({ keyRef: session.keyRef, intent, decision, authorization }, { act: null, freshToken: true });
  };

  /** A key of the account that the thief has the vault make, and the wide floor it wants for it. */
  async function freshKey(owners: Address[]) {
    const asked = { sessionId: randomUUID(), account: safe.address, chainId: "31337", owners, threshold: 1, module: session.module };
    const key = await vault.generateKey(asked, { act: null });
    const { policy, document } = ownPolicy(session, payments(stack.world, WIDE));
    const wide = { document, policy: { ...policy, key: `0x${key.address.slice(2)}` as const } };
    const arm = { chainId: 31_337n, module: stack.world.contracts.sessionModule, policy: wide.policy, armNonce: 1n, deadline: FAR };
    const hash = safeMessageHash({ safe: safe.address, chainId: 31_337n, digest: armDigest(arm) });
    const floor = { keyRef: key.keyRef, document, policy: policyToMessage(wide.policy), armNonce: "1", armDeadline: String(FAR) };
    return { key, sessionId: asked.sessionId, wide, hash, floor };
  }

  beforeAll(async () => {
    session = await granted();
    thief = new StolenPermissions(stack, permissions);
    vault = permissions.client<VaultServiceClient>("vault");
  });

  it("the vault seals no other floor for the key, whatever signatures come with it", async () => {
    const wide = ownPolicy(session, payments(stack.world, WIDE));
    const floor = {
      keyRef: session.keyRef,
      document: wide.document,
      policy: policyToMessage(wide.policy),
      armNonce: "1",
      armDeadline: "9999999999",
    };
    const signature = await safe.owners[0].sign({ hash: `0x${"11".repeat(32)}` });
    await expect(vault.sealFloor({ ...floor, signatures: signature }, { act: null })).rejects.toMatchObject({ code: "ALREADY_SEALED" });
  });

  it("the vault seals a wide floor for a fresh key of the account only with its owners' signature", async () => {
    const { floor, hash } = await freshKey(safe.owners.map(({ address }) => address));
    const signatures = await newWallet().sign({ hash });
    await expect(vault.sealFloor({ ...floor, signatures }, { act: null })).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });

  it("a key made for owners it invents signs what the chain refuses, for the account armed no such session", async () => {
    const invented = newWallet();
    const { floor, hash, wide, key, sessionId } = await freshKey([invented.address]);
    await vault.sealFloor({ ...floor, signatures: await invented.sign({ hash }) }, { act: null });
    const own = { ...session, sessionId, keyRef: key.keyRef, generation: key.generation };
    const intent = intentOf(own, pay(5_000n * USDC), policyId(wide.policy));
    const { decision, authorization } = await thief.tickets(own, intent, wide, wide, spending(5_000n * USDC));
    const asked = { keyRef: key.keyRef, intent, decision, authorization };
    const { signature } = await vaultForRelay.sign(asked, { act: null, freshToken: true });
    const data = encodeExecSigned(wide.policy, parseIntent(intent), [[]], signature as Hex);
    const call = { from: invented.address, to: stack.world.contracts.sessionModule, data };
    expect(await chainRefusal(stack.chain.url, call)).toContain(toFunctionSelector("NotArmed(bytes32)"));
  });

  it("nothing outside the signed limits is signed, though policy was shown a permissive document and both tickets are genuine", async () => {
    const signed = signedPolicy(session);
    const wide = ownPolicy(session, payments(stack.world, WIDE));
    const toPayee = pay(5_000n * USDC);
    const allowed = intentOf(session, toPayee, policyId(wide.policy));
    const under = await thief.tickets(session, allowed, wide, wide, spending(5_000n * USDC));
    // The permissive document is believed by policy, or the rest would prove nothing.
    expect(under.outcome).toBe("allow");
    await expect(sign(allowed, under)).rejects.toMatchObject({ code: expect.stringMatching(/MISMATCH|TICKET_INVALID|FLOOR/) });

    const outside: readonly [Action, bigint][] = [
      [toPayee, 5_000n * USDC],
      [toPayee, USDC],
      [pay(USDC, payees(stack.world)[1]), USDC],
      [{ call: { to: stack.world.token, value: "0", data: approveAll() } }, 0n],
      [{ call: { to: safe.address, value: "0", data: "0x" } }, 0n],
      [
        {
          batch: { calls: [pay(80n * USDC), pay(USDC, payees(stack.world)[1])].flatMap(({ call }) => (call === undefined ? [] : [call])) },
        },
        81n * USDC,
      ],
    ];
    for (const [action, amount] of outside) {
      for (const [judged, claimed] of [
        [wide, signed],
        [signed, signed],
        [wide, wide],
      ] as const) {
        const intent = intentOf(session, action);
        const tickets = await thief.tickets(session, intent, judged, claimed, spending(amount));
        await expect(sign(intent, tickets), JSON.stringify(action)).rejects.toMatchObject({ code: REFUSED });
      }
    }
  });

  it("usage of zero, told every time, does not stretch the budget: the vault counts for itself", async () => {
    const signed = signedPolicy(session);
    const attempt = async () => {
      const intent = intentOf(session, pay(100n * USDC));
      return sign(intent, await thief.tickets(session, intent, signed, signed, spending(100n * USDC)));
    };
    for (let n = 0; n < 3; n += 1) expect((await attempt()).signature).toMatch(/^0x[0-9a-f]{130}$/);
    await expect(attempt()).rejects.toMatchObject({ code: expect.stringMatching(/FLOOR|BUDGET|EXCEEDED/) });
  });
});

describe("with relay's key stolen", () => {
  const authorize = (session: Session, intent: Intent, executionId: string = randomUUID()) =>
    permissionsForRelay.authorize({ sessionId: session.sessionId, executionId, intent, simulation: undefined }, { act: null });
  const sign = (keyRef: string, intent: Intent, decision: string, authorization: string) =>
    vaultForRelay.sign({ keyRef, intent, decision, authorization }, { act: null, freshToken: true });

  it("permissions gives no tickets for what is outside", async () => {
    const session = await granted();
    for (const action of [pay(101n * USDC), pay(USDC, payees(stack.world)[1])]) {
      const answer = await authorize(session, intentOf(session, action));
      expect(answer).toMatchObject({ allowed: false, authorization: "" });
    }
  });

  it("tickets for one intent sign no other, and not twice", async () => {
    const session = await granted();
    const intent = intentOf(session, pay(10n * USDC));
    const { allowed, decision, authorization, keyRef } = await authorize(session, intent);
    expect(allowed).toBe(true);
    const others = [
      { ...intent, action: pay(20n * USDC) },
      { ...intent, action: pay(10n * USDC, payees(stack.world)[1]) },
      { ...intent, nonce: "7" },
      { ...intent, deadline: String(Number(intent.deadline) + 10) },
    ];
    for (const other of others) await expect(sign(keyRef, other, decision, authorization)).rejects.toMatchObject({ code: REFUSED });
    expect((await sign(keyRef, intent, decision, authorization)).signature).toMatch(/^0x[0-9a-f]{130}$/);
    await expect(sign(keyRef, { ...intent, nonce: "8" }, decision, authorization)).rejects.toMatchObject({ code: REFUSED });
  });

  it("lies about what became of executions free no budget at the vault", async () => {
    const session = await granted();
    let signatures = 0;
    for (const outcome of ["unsigned", "expired", "cancelled", "reverted", "unsigned", "expired"]) {
      const executionId = randomUUID();
      const intent = intentOf(session, pay(100n * USDC));
      const answer = await authorize(session, intent, executionId);
      if (!answer.allowed) continue;
      const signed = await sign(answer.keyRef, intent, answer.decision, answer.authorization).catch(() => undefined);
      if (signed !== undefined) signatures += 1;
      const block = { transactionHash: "", blockNumber: "", blockHash: "", blockTime: "" };
      await permissionsForRelay
        .settle({ sessionId: session.sessionId, executionId, outcome, ...block }, { act: null })
        .catch(() => undefined);
    }
    expect(signatures).toBe(3);
  });
});

describe("a client that arms the right policyHash with wider limits", () => {
  it("is refused the confirmation, and the key signs nothing", async () => {
    const drafted = await draft(owner, safe, payments(stack.world, LIMITS));
    await addSignature(owner, drafted, safe.owners[0]);
    const { policy } = await permissionsForRelay.getSession({ sessionId: drafted.sessionId }, { act: null });
    const struct = policyFromMessage(policy);
    const wider = { ...struct, limits: struct.limits.map((limit) => ({ ...limit, perOp: WIDE.perOp, perPeriod: WIDE.perWindow })) };
    expect(wider.policyHash).toBe(drafted.policyHash);
    const { client, contracts } = stack.world;
    const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [wider] });
    const receipt = await execSafeTransaction(client, { safe: safe.address, to: contracts.sessionModule, data, owners: safe.owners });
    expect(receipt.status).toBe("success");

    const { sessionId } = drafted;
    const confirmed = await owner.post("/v1/session_keys/grant/confirm", { sessionId, transactionHash: receipt.transactionHash });
    expect(confirmed).toMatchObject({ status: 422, body: { code: "POLICY_MISMATCH" } });
    expect((await owner.get(`/v1/session_keys/${sessionId}`)).body.state).not.toBe("armed");
    expect((await use(owner, sessionId, pay(USDC))).state).toBe("DENIED");
  });
});

function approveAll() {
  const abi = parseAbi(["function approve(address,uint256)"]);
  return encodeFunctionData({ abi, functionName: "approve", args: [payees(stack.world)[1], 2n ** 256n - 1n] });
}
