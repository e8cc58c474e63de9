import type { Address, Hex } from "viem";
import { buildVaultOperation } from "./adapter.js";
import { type Assets, act, allowanceOf, type Market, NO_ASSETS } from "./assets.js";
import { budgetLeft, spend } from "./budget.js";
import type { Call } from "./call.js";
import { type Policy, policyId } from "./policy.js";
import { countUse, nextUseAt, usesLeft } from "./rate.js";
import { Refusal } from "./refusal.js";
import { KIND } from "./registry.js";
import { NEVER_ARMED, type Session } from "./session.js";
import { requireSound } from "./soundness.js";
import { consult, type Judge, judgeCall, type Verdict } from "./verdict.js";

export interface ModuleOptions extends Judge {
  readonly market: Market;
  readonly adapter: Address;
  readonly owner: Address;
}

/** A relayed use: the nonce it takes, its last second, and who really signed it (nobody: not a well-formed signature). */
export interface Intent {
  readonly nonce: bigint;
  readonly deadline: number;
  readonly signer: Address | undefined;
}

const MAX_BATCH = 4;
const NATIVE: Address = `0x${"00".repeat(20)}`;

/** The session module as the design describes it, for one Safe. Every method is one transaction: it throws and changes nothing, or it is done. */
export class ModuleModel {
  now = 0;
  epoch = 0;
  guardian: Address = NATIVE;
  enabled = true;
  #assets: Assets = NO_ASSETS;
  readonly #sessions = new Map<Hex, Session>();
  readonly #armNonces = new Set<bigint>();

  constructor(private readonly options: ModuleOptions) {}

  arm(by: Address, policy: Policy): Hex {
    if (by !== policy.safe) throw new Refusal("NotSafe()");
    return this.#arm(policy);
  }

  /** @param approved whether the Safe's own ERC-1271 accepts the signature */
  armWithSig(policy: Policy, armNonce: bigint, deadline: number, approved: boolean): Hex {
    this.#requireDeadline(deadline);
    if (this.#armNonces.has(armNonce)) throw new Refusal("NonceUsed(uint256)", armNonce);
    if (!approved) throw new Refusal("BadSignature()");
    const id = this.#arm(policy);
    this.#armNonces.add(armNonce);
    return id;
  }

  cancelArm(armNonce: bigint): void {
    this.#armNonces.add(armNonce);
  }

  exec(by: Address | Intent, policy: Policy, call: Call, proof: readonly Hex[]): void {
    const session = this.#accept(by, policy);
    const { after, verdict } = this.#useOnce(policy, session, call, proof, false);
    const assets = this.#perform(this.#assets, [call], [verdict]);
    this.#commit(policy, after, assets);
  }

  execBatch(by: Address | Intent, policy: Policy, calls: readonly Call[], proofs: readonly (readonly Hex[])[]): void {
    let session = this.#accept(by, policy);
    if (calls.length === 0 || calls.length > MAX_BATCH || calls.length !== proofs.length) {
      throw new Refusal("BadBatch(uint256)", calls.length);
    }
    const verdicts: Verdict[] = [];
    this.#requireLive(policy, session);
    for (const [index, call] of calls.entries()) {
      const { after, verdict } = this.#useOnce(policy, session, call, proofs[index] ?? [], true);
      verdicts.push(verdict);
      session = after;
    }
    this.#commit(policy, session, this.#perform(this.#assets, calls, verdicts));
  }

  execAdapter(by: Address | Intent, policy: Policy, adapter: Address, args: Hex, proof: readonly Hex[]): void {
    const session = this.#accept(by, policy);
    const { after, calls } = this.#adapt(policy, session, adapter, args, proof);
    this.#commit(policy, after, this.#perform(this.#assets, calls, []));
  }

  /** Throws what `exec` by the key would for every limit; what the target then does is not looked at. */
  validate(policy: Policy, call: Call, proof: readonly Hex[]): void {
    this.#useOnce(policy, this.session(policy), call, proof, false);
    this.#requireEnabled(policy);
  }

  validateAdapter(policy: Policy, adapter: Address, args: Hex, proof: readonly Hex[]): void {
    this.#adapt(policy, this.session(policy), adapter, args, proof);
    this.#requireEnabled(policy);
  }

  cancelIntent(by: Address, policy: Policy, nonce: bigint): void {
    if (by !== policy.key) this.#requireReducer(by);
    const session = this.session(policy);
    this.#store(policy, { ...session, nonces: new Set(session.nonces).add(nonce) });
  }

  disarm(by: Address, policy: Policy): void {
    this.#requireReducer(by);
    this.#store(policy, { ...this.session(policy), revoked: true });
  }

  /** @param accepted one owner's signature, or the Safe's ERC-1271 */
  disarmWithSig(policy: Policy, deadline: number, accepted: boolean): void {
    this.#requireDeadline(deadline);
    if (!accepted) throw new Refusal("BadSignature()");
    this.#store(policy, { ...this.session(policy), revoked: true });
  }

  forfeit(by: Address, policy: Policy): void {
    if (by !== policy.key) throw new Refusal("NotKey()");
    this.#store(policy, { ...this.session(policy), revoked: true });
  }

  disarmAll(by: Address): void {
    this.#requireReducer(by);
    this.epoch += 1;
  }

  disarmAllWithSig(epoch: number, deadline: number, accepted: boolean): void {
    this.#requireDeadline(deadline);
    if (epoch !== this.epoch) throw new Refusal("StaleEpoch(uint32,uint32)", epoch, this.epoch);
    if (!accepted) throw new Refusal("BadSignature()");
    this.epoch += 1;
  }

  /** [left, opsLeft, nextOpAt] */
  remaining(policy: Policy, token: Address): readonly [bigint, number, number] {
    const session = this.session(policy);
    const dead = !session.armed || session.revoked || policy.epoch !== this.epoch || this.now >= policy.validUntil;
    if (dead) return [0n, 0, 0];
    if (this.now < policy.validAfter) {
      const limit = policy.limits.find((one) => one.token === token)?.perPeriod ?? 0n;
      return [limit, usesLeft(policy, [], this.now), policy.validAfter];
    }
    const uses = usesLeft(policy, session.uses, this.now);
    const next = uses === 0 ? nextUseAt(policy, session.uses) : this.now;
    return [budgetLeft(policy, session.spent, token, this.now), uses, next < policy.validUntil ? next : 0];
  }

  /** [armed, revoked, epoch, opsRecorded] */
  status(policy: Policy): readonly [boolean, boolean, number, number] {
    const { armed, revoked, uses } = this.session(policy);
    return [armed && !revoked, revoked, this.epoch, Math.min(uses.length, policy.maxOps)];
  }

  session(policy: Policy): Session {
    return this.#sessions.get(policyId(policy)) ?? NEVER_ARMED;
  }

  get shares(): bigint {
    return this.#assets.shares;
  }

  #arm(policy: Policy): Hex {
    requireSound(policy, this.epoch, this.now);
    const session = this.session(policy);
    const id = policyId(policy);
    if (session.armed || session.revoked) throw new Refusal("AlreadyUsedId(bytes32)", id);
    this.#store(policy, { ...session, armed: true });
    return id;
  }

  /** By the key itself, or by its signed intent: then the session after the nonce is taken. */
  #accept(by: Address | Intent, policy: Policy): Session {
    const session = this.session(policy);
    if (typeof by === "string") {
      if (by !== policy.key) throw new Refusal("NotKey()");
      return session;
    }
    this.#requireDeadline(by.deadline);
    if (by.signer !== policy.key) throw new Refusal("BadSignature()");
    if (session.nonces.has(by.nonce)) throw new Refusal("NonceUsed(uint256)", by.nonce);
    return { ...session, nonces: new Set(session.nonces).add(by.nonce) };
  }

  #useOnce(policy: Policy, session: Session, call: Call, proof: readonly Hex[], batched: boolean) {
    this.#requireLive(policy, session);
    const uses = countUse(policy, session.uses, this.now);
    const verdict = judgeCall(this.options, policy, call, proof, batched, this.now);
    const spent = spend(policy, session.spent, verdict.token, verdict.amount, this.now);
    return { verdict, after: { ...session, uses, spent } };
  }

  #adapt(policy: Policy, session: Session, adapter: Address, args: Hex, proof: readonly Hex[]) {
    this.#requireLive(policy, session);
    const uses = countUse(policy, session.uses, this.now);
    const { kind } = consult(this.options, policy, adapter, args, proof, this.now);
    if (kind !== KIND.adapter) throw new Refusal("WrongKind(address)", adapter);
    const { calls, token, amount } = buildVaultOperation(this.options.market, args);
    const spent = spend(policy, session.spent, token, amount, this.now);
    return { calls, after: { ...session, uses, spent } };
  }

  #perform(assets: Assets, calls: readonly Call[], verdicts: readonly Verdict[]): Assets {
    this.#requireEnabled({ safe: this.options.market.safe });
    const after = calls.reduce((held, call) => act(this.options.market, held, call), assets);
    for (const { token, approved } of verdicts) {
      const left = approved === undefined ? 0n : allowanceOf(after, token, approved);
      if (left !== 0n) throw new Refusal("AllowanceLeft(address,address,uint256)", token, approved, left);
    }
    return after;
  }

  #requireLive(policy: Policy, session: Session): void {
    if (session.revoked) throw new Refusal("Revoked(bytes32)", policyId(policy));
    if (!session.armed) throw new Refusal("NotArmed(bytes32)", policyId(policy));
    if (policy.epoch !== this.epoch) throw new Refusal("StaleEpoch(uint32,uint32)", policy.epoch, this.epoch);
    if (this.now < policy.validAfter) throw new Refusal("NotYet(uint40)", policy.validAfter);
    if (this.now >= policy.validUntil) throw new Refusal("Expired(uint40)", policy.validUntil);
  }

  #requireEnabled({ safe }: Pick<Policy, "safe">): void {
    if (!this.enabled) throw new Refusal("ModuleNotEnabled(address)", safe);
  }

  #requireReducer(by: Address): void {
    const reducers = [this.options.market.safe, this.options.owner, this.guardian];
    if (!reducers.includes(by)) throw new Refusal("NotAuthorized(address)", by);
  }

  #requireDeadline(deadline: number): void {
    if (this.now > deadline) throw new Refusal("DeadlinePassed(uint48)", deadline);
  }

  #commit(policy: Policy, session: Session, assets: Assets): void {
    this.#assets = assets;
    this.#store(policy, session);
  }

  #store(policy: Policy, session: Session): void {
    this.#sessions.set(policyId(policy), session);
  }
}
