import { type Address, concatHex, type Hex, numberToHex, pad } from "viem";
import type { RandomSource } from "../../../test/campaign/parity/random-source.js";
import type { Call } from "../model/call.js";
import { scopeLeaf } from "../model/scope.js";
import { SELECTOR, WHO } from "./world.js";

/** A kind of call that may stand in a scope: its leaf, and the call for an amount. */
export interface Shape {
  readonly leaf: Hex;
  /** The token the amount is of. */
  readonly token: Address;
  readonly adapter: boolean;
  make(amount: bigint): Call;
}

const word = (value: bigint) => numberToHex(value, { size: 32 });
const addressWord = (value: Address) => pad(value, { size: 32 });

function tokenCall(token: Address, selector: Hex, other: Address): Shape {
  const make = (amount: bigint) => ({ to: token, value: 0n, data: concatHex([selector, addressWord(other), word(amount)]) });
  return { leaf: scopeLeaf(token, selector, other), token, adapter: false, make };
}

function vaultDeposit(receiver: Address): Shape {
  const data = (amount: bigint) => concatHex([SELECTOR.vaultDeposit, word(amount), addressWord(receiver)]);
  const leaf = scopeLeaf(WHO.vault, SELECTOR.vaultDeposit, receiver);
  return { leaf, token: WHO.tokenA, adapter: false, make: (amount) => ({ to: WHO.vault, value: 0n, data: data(amount) }) };
}

function native(to: Address, data: Hex, selector: Hex): Shape {
  return { leaf: scopeLeaf(to, selector, WHO.nobody), token: WHO.nobody, adapter: false, make: (value) => ({ to, value, data }) };
}

function adapterCall(selector: Hex, vault: Address): Shape {
  const make = (amount: bigint) => ({ to: WHO.adapter, value: 0n, data: concatHex([selector, addressWord(vault), word(amount)]) });
  return { leaf: scopeLeaf(WHO.adapter, selector, vault), token: WHO.tokenA, adapter: true, make };
}

export const APPROVE_VAULT = tokenCall(WHO.tokenA, SELECTOR.approve, WHO.vault);
export const DEPOSIT_SAFE = vaultDeposit(WHO.safe);

/** Often allowed. */
export const SHAPES: readonly [Shape, ...Shape[]] = [
  tokenCall(WHO.tokenA, SELECTOR.transfer, WHO.recipient1),
  tokenCall(WHO.tokenA, SELECTOR.transfer, WHO.safe),
  tokenCall(WHO.tokenB, SELECTOR.transfer, WHO.recipient2),
  native(WHO.recipient1, "0x", SELECTOR.none),
  adapterCall(SELECTOR.deposit, WHO.vault),
  adapterCall(SELECTOR.redeem, WHO.vault),
  APPROVE_VAULT,
  DEPOSIT_SAFE,
  native(WHO.recipient2, SELECTOR.ping, SELECTOR.ping),
];

/** Mostly refused, or allowed only after the registry has changed. */
export const ODD_SHAPES: readonly [Shape, ...Shape[]] = [
  tokenCall(WHO.tokenA, SELECTOR.transfer, WHO.stranger),
  tokenCall(WHO.tokenA, SELECTOR.transfer, WHO.recipient2),
  tokenCall(WHO.tokenB, SELECTOR.approve, WHO.vault),
  tokenCall(WHO.tokenA, SELECTOR.approve, WHO.safe),
  tokenCall(WHO.safe, SELECTOR.transfer, WHO.recipient1),
  tokenCall(WHO.module, SELECTOR.transfer, WHO.recipient1),
  tokenCall(WHO.registry, SELECTOR.transfer, WHO.recipient1),
  vaultDeposit(WHO.vault),
  vaultDeposit(WHO.stranger),
  adapterCall(SELECTOR.deposit, WHO.recipient1),
  adapterCall(SELECTOR.redeem, WHO.safe),
  adapterCall(SELECTOR.deposit, WHO.safe),
  native(WHO.stranger, "0x", SELECTOR.none),
];

/** Bytes that no strict reader may accept: dirty upper bits, a byte too many, one too few, none at all. */
export function spoil(random: RandomSource, call: Call): Call {
  const { data } = call;
  switch (random.below(5)) {
    case 0:
      return { ...call, data: `${data}00` };
    case 1:
      return { ...call, data: data.length > 2 ? cut(data, 2) : "0x00" };
    case 2:
      return { ...call, data: data.length >= 74 ? dirty(random, data) : "0x01" };
    case 3:
      return { ...call, data: data.length >= 10 ? cut(data, data.length - 10 + 2 * random.below(5)) : "0x000000" };
    default:
      return { ...call, value: call.value + 1n };
  }
}

function cut(data: Hex, digits: number): Hex {
  return `0x${data.slice(2, data.length - Math.min(digits, data.length - 2))}`;
}

/** Sets one of the twelve upper bytes of the first or the second argument. */
function dirty(random: RandomSource, data: Hex): Hex {
  const at = 10 + 64 * random.below(data.length >= 138 ? 2 : 1) + 2 * random.below(12);
  return `0x${data.slice(2, at)}01${data.slice(at + 2)}`;
}
