import { type Address, type Hex, zeroAddress } from "viem";
import { InterlockError } from "../errors/interlock-error.js";
import { operationsOf, type ParsedAction } from "../intent/intent.js";
import type { Limits, Operation, Spend } from "../limits/limits.js";
import { addressAt } from "./compile.js";
import type { Floor, FloorRule } from "./floor.js";

/** The floor's limits in the form limits/ counts with. */
export function floorLimits(floor: Floor): Limits {
  const known = limitsOf.get(floor);
  if (known !== undefined) return known;
  const limits = {
    validAfter: BigInt(floor.validAfter),
    budgetWindow: BigInt(floor.budgetWindow),
    rateWindow: BigInt(floor.rateWindow),
    maxOps: floor.maxOps,
    limits: floor.limits.map(({ token, perOp, perPeriod }) => ({ token, perOp: BigInt(perOp), perPeriod: BigInt(perPeriod) })),
  };
  limitsOf.set(floor, limits);
  return limits;
}

/** Floors are read once and used for every signature of their session. */
const limitsOf = new WeakMap<Floor, Limits>();

/**
 * What an action costs under the floor, read from the calldata's words without trusting anybody's decoding.
 * @throws InterlockError FLOOR_EXCEEDED naming the call and what is outside: target, function, recipient, length or value.
 */
export function floorOperation(floor: Floor, action: ParsedAction): Operation {
  if (action.kind === "adapter") {
    return { operations: 1, spends: judge(floor, { to: action.adapter, value: 0n, data: action.args }, "adapter", "action.adapter") };
  }
  const calls = action.kind === "call" ? [action.call] : action.calls;
  const spends = calls.flatMap((call, i) => judge(floor, call, action.kind, `action.calls[${i}]`));
  return { operations: operationsOf(action), spends };
}

type Form = ParsedAction["kind"];

function judge(floor: Floor, call: { to: Address; value: bigint; data: Hex }, form: Form, field: string): Spend[] {
  const target = call.to.toLowerCase();
  const selector = call.data.slice(0, 10).toLowerCase();
  const named = floor.rules.filter((rule) => rule.target === target && rule.selector === selector && rule.adapter === (form === "adapter"));
  if (named.length === 0) refuse(field, "target and function are not in the floor", `${target} ${selector}`);
  const rule = named.find((one) => recipientFits(one, call.data));
  if (rule === undefined) refuse(field, "the recipient is not in the floor", call.data.slice(0, 74));
  if (rule.exactLength !== null && call.data.length !== 2 + 2 * rule.exactLength) {
    refuse(field, `the calldata must be ${rule.exactLength} bytes`, String((call.data.length - 2) / 2));
  }
  if (call.value > BigInt(rule.valueMax)) refuse(field, `the value must be at most ${rule.valueMax} wei`, String(call.value));
  if (form === "call" && rule.spends.some(({ kind }) => kind === "approve")) refuse(field, "an approval must be part of a batch", selector);
  const spends = rule.spends.map(({ token, word }) => ({ token, amount: amountAt(call.data, word, field) }));
  return call.value === 0n ? spends : [...spends, { token: zeroAddress, amount: call.value }];
}

function recipientFits({ recipient }: FloorRule, data: Hex): boolean {
  if (recipient === null) return true;
  const named = addressAt(data, recipient.word);
  return named !== undefined && recipient.allowed.includes(named);
}

function amountAt(data: Hex, word: number, field: string): bigint {
  const start = 4 + 32 * word;
  if (data.length < 2 + 2 * (start + 32)) refuse(field, "the calldata is too short for its amount", data.slice(0, 10));
  return BigInt(`0x${data.slice(2 + 2 * start, 2 + 2 * (start + 32))}`);
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("FLOOR_EXCEEDED", `${field}: ${rule}`, { details: { field, rule, value } });
}
