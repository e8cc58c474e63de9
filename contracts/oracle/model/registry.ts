import { type Address, type Hex, size, slice } from "viem";
import type { Policy } from "./policy.js";
import { Refusal } from "./refusal.js";

export const KIND = { none: 0, transfer: 1, approve: 2, call: 3, adapter: 4 } as const;
/** The rule has no such argument. */
export const NO_ARGUMENT = 255;
/** "Paused with no end". */
const FOR_EVER = 2 ** 40 - 1;
const APPROVE = "0x095ea7b3";

/** One allowed (target, selector). Arguments are 32-byte words after the selector. */
export interface Rule {
  readonly enabledAt: number;
  readonly protocolId: number;
  readonly recipientArg: number;
  readonly amountArg: number;
  readonly kind: number;
  readonly exactLength: number;
}

export interface RegistryRoles {
  readonly guardian: Address;
  readonly governor: Address;
  /** Seconds an addition waits. */
  readonly delay: number;
  /** The registry's own address. */
  readonly self: Address;
}

/** What the registry says of a call. */
export interface Ruling {
  readonly kind: number;
  readonly recipient: Address;
  readonly amount: bigint;
}

const NOBODY: Address = `0x${"00".repeat(20)}`;

/** The global list: default deny; additions wait, removal and pause act at once. */
export class RegistryModel {
  readonly #rules = new Map<string, Rule>();
  readonly #recipients = new Map<string, number>();
  readonly #pausedUntil = new Map<number, number>();

  constructor(private readonly roles: RegistryRoles) {}

  /** A rule or recipient of the constructor, older than every policy. */
  genesisRule(target: Address, selector: Hex, rule: Omit<Rule, "enabledAt">): void {
    this.#rules.set(target + selector, { ...rule, enabledAt: 1 });
  }

  genesisRecipient(protocolId: number, recipient: Address): void {
    this.#recipients.set(`${protocolId}:${recipient}`, 1);
  }

  queueRule(by: Address, target: Address, selector: Hex, rule: Rule, now: number): void {
    this.#requireGovernor(by);
    if (!this.#isSound(target, selector, rule)) throw new Refusal("BadRule(address,bytes4)", target, selector);
    if (this.#rules.has(target + selector)) throw new Refusal("RuleExists(address,bytes4)", target, selector);
    this.#rules.set(target + selector, { ...rule, enabledAt: now + this.roles.delay });
  }

  queueRecipient(by: Address, protocolId: number, recipient: Address, now: number): void {
    this.#requireGovernor(by);
    if (protocolId === 0 || recipient === NOBODY) throw new Refusal("BadRecipient(uint8,address)", protocolId, recipient);
    const key = `${protocolId}:${recipient}`;
    if (this.#recipients.has(key)) throw new Refusal("RecipientExists(uint8,address)", protocolId, recipient);
    this.#recipients.set(key, now + this.roles.delay);
  }

  removeRule(by: Address, target: Address, selector: Hex): void {
    this.#requireGuardian(by);
    this.#rules.delete(target + selector);
  }

  removeRecipient(by: Address, protocolId: number, recipient: Address): void {
    this.#requireGuardian(by);
    this.#recipients.delete(`${protocolId}:${recipient}`);
  }

  pause(by: Address, protocolId: number): void {
    this.#requireGuardian(by);
    this.#pausedUntil.set(protocolId, FOR_EVER);
  }

  queueUnpause(by: Address, protocolId: number, now: number): void {
    this.#requireGovernor(by);
    this.#pausedUntil.set(protocolId, now + this.roles.delay);
  }

  /** Instants at which something of the registry changes by itself. */
  instants(): number[] {
    const rules = [...this.#rules.values()].map((rule) => rule.enabledAt);
    return [...rules, ...this.#recipients.values(), ...this.#pausedUntil.values()].filter((at) => at > 1 && at < FOR_EVER);
  }

  /** Judges one call; throws the reason when it is not allowed. */
  check(policy: Policy, target: Address, data: Hex, now: number): Ruling {
    const selector = selectorOf(data);
    const rule = this.#rules.get(target + selector);
    if (rule === undefined) throw new Refusal("NotAllowed(address,bytes4)", target, selector);
    if (((policy.protocolMask >> BigInt(rule.protocolId)) & 1n) === 0n) throw new Refusal("ProtocolNotInScope(uint8)", rule.protocolId);
    requireOpen(rule.enabledAt, policy, now);
    if (now < (this.#pausedUntil.get(rule.protocolId) ?? 0)) throw new Refusal("ProtocolIsPaused(uint8)", rule.protocolId);
    if (size(data) !== rule.exactLength) throw new Refusal("BadCalldata()");
    const recipient = rule.recipientArg === NO_ARGUMENT ? NOBODY : this.#recipient(rule, policy, word(data, rule.recipientArg), now);
    const amount = rule.amountArg === NO_ARGUMENT ? 0n : BigInt(word(data, rule.amountArg));
    return { kind: rule.kind, recipient, amount };
  }

  #recipient(rule: Rule, policy: Policy, argument: Hex, now: number): Address {
    if (BigInt(argument) >> 160n !== 0n) throw new Refusal("BadCalldata()");
    const recipient = slice(argument, 12);
    if (recipient === policy.safe) return recipient;
    const enabledAt = this.#recipients.get(`${rule.protocolId}:${recipient}`);
    if (enabledAt === undefined) throw new Refusal("RecipientNotAllowed(address)", recipient);
    requireOpen(enabledAt, policy, now);
    return recipient;
  }

  #isSound(target: Address, selector: Hex, rule: Rule): boolean {
    if (target === NOBODY || target === this.roles.self || rule.protocolId === 0 || rule.kind === KIND.none) return false;
    if ((selector === APPROVE) !== (rule.kind === KIND.approve)) return false;
    if (rule.kind === KIND.approve && (rule.recipientArg !== 0 || rule.amountArg !== 1 || rule.exactLength !== 68)) return false;
    const moves = rule.kind === KIND.transfer || rule.kind === KIND.approve;
    if (moves && (rule.recipientArg === NO_ARGUMENT || rule.amountArg === NO_ARGUMENT)) return false;
    return [rule.recipientArg, rule.amountArg].every((arg) => arg === NO_ARGUMENT || 4 + 32 * (arg + 1) <= rule.exactLength);
  }

  #requireGovernor(by: Address): void {
    if (by !== this.roles.governor) throw new Refusal("NotGovernor(address)", by);
  }

  #requireGuardian(by: Address): void {
    if (by !== this.roles.guardian && by !== this.roles.governor) throw new Refusal("NotGuardian(address)", by);
  }
}

/** Pinned or following: enabled at or before `rulesBefore`, and at or before now. */
function requireOpen(enabledAt: number, policy: Policy, now: number): void {
  if (enabledAt > policy.rulesBefore || enabledAt > now) throw new Refusal("RuleTooNew(uint40)", enabledAt);
}

/** First four bytes, padded with zeros where the data is shorter. */
export function selectorOf(data: Hex): Hex {
  return `0x${data.slice(2, 10).padEnd(8, "0")}`;
}

function word(data: Hex, index: number): Hex {
  return slice(data, 4 + 32 * index, 36 + 32 * index);
}
