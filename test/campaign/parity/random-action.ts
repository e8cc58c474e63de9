import { concatHex, encodeFunctionData, type Hex, pad, parseAbi, toHex } from "viem";
import type { CallStruct, ParsedAction } from "../../../services/platform/src/intent/intent.js";
import type { ParityChain } from "./parity-chain.js";
import type { RandomSource } from "./random-source.js";

const ABI = parseAbi([
  "function transfer(address to,uint256 amount)",
  "function transferFrom(address from,address to,uint256 amount)",
  "function deposit(address vault,uint256 assets)",
  "function redeem(address vault,uint256 shares)",
]);

/** An action that is allowed about half of the time; the rest is wrong in one or more ways a key thief would try. */
export function randomAction(chain: ParityChain, random: RandomSource): ParsedAction {
  const form = random.fraction();
  if (form < 0.2)
    return { kind: "adapter", adapter: rarely(random, chain.tokens[0], chain.adapter), args: spoil(random, operation(chain, random)) };
  if (form < 0.3) {
    const [first, second] = [transfer(chain, random), transfer(chain, random)];
    return { kind: "batch", calls: random.chance(0.5) ? [first, second] : [first] };
  }
  return { kind: "call", call: transfer(chain, random) };
}

function transfer(chain: ParityChain, random: RandomSource): CallStruct {
  const to = random.chance(0.8) ? chain.tokens[0] : random.pick([chain.tokens[1], chain.safe, chain.module, chain.adapter, chain.stranger]);
  const recipient = random.chance(0.07) ? chain.stranger : random.pick([...chain.recipients, chain.safe]);
  const plain = encodeFunctionData({ abi: ABI, functionName: "transfer", args: [recipient, amount(random)] });
  const other = encodeFunctionData({ abi: ABI, functionName: "transferFrom", args: [chain.safe, recipient, amount(random)] });
  return { to, value: random.chance(0.04) ? BigInt(1 + random.below(5)) : 0n, data: spoil(random, rarely(random, other, plain)) };
}

function operation(chain: ParityChain, random: RandomSource): Hex {
  const functionName = random.chance(0.5) ? "deposit" : "redeem";
  return encodeFunctionData({ abi: ABI, functionName, args: [rarely(random, chain.stranger, chain.vault), amount(random)] });
}

function amount(random: RandomSource): bigint {
  const size = random.fraction();
  if (size < 0.03) return 2n ** 256n - 1n;
  if (size < 0.06) return 2n ** 112n;
  if (size < 0.1) return 0n;
  return BigInt(random.below(size < 0.7 ? 300 : 12_000));
}

/** Calldata that decoders disagree about: dirty bits, trailing or missing bytes. */
function spoil(random: RandomSource, data: Hex): Hex {
  if (!random.chance(0.12)) return data;
  switch (random.below(5)) {
    case 0:
      return concatHex([data, "0x00"]);
    case 1:
      return concatHex([data, pad(toHex(random.below(256)), { size: 32 })]);
    case 2:
      return data.slice(0, 10 + 2 * random.below(64)) as Hex;
    case 3:
      return `${data.slice(0, 10)}${toHex(1 + random.below(255), { size: 1 }).slice(2)}${data.slice(12)}` as Hex;
    default:
      return data.slice(0, 2 + 2 * random.below(5)) as Hex;
  }
}

function rarely<T>(random: RandomSource, rare: T, usual: T): T {
  return random.chance(0.06) ? rare : usual;
}
