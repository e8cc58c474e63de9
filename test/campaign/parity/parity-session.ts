import { type Address, getAddress, pad, toHex } from "viem";
import { type LimitsState, UNUSED } from "../../../services/platform/src/limits/limits-state.js";
import { type CompiledPolicy, compilePolicy } from "../../../services/platform/src/session-policy/compile.js";
import type { Condition } from "../../../services/platform/src/session-policy/condition-schema.js";
import { inspectDocument } from "../../../services/platform/src/session-policy/parse.js";
import { type CompiledDocument, compileDocument } from "../../../services/policy/src/domain/compiled-document.js";
import type { ParityChain } from "./parity-chain.js";
import type { RandomSource } from "./random-source.js";

/** One armed session and what it has used, as the server counts it. */
export interface ParitySession {
  readonly key: Address;
  readonly compiled: CompiledDocument;
  readonly onchain: CompiledPolicy;
  usage: LimitsState;
}

/** Arms a session with a random document of transfers and, sometimes, the vault. */
export async function armSession(chain: ParityChain, random: RandomSource, number: number, now: number): Promise<ParitySession> {
  const text = JSON.stringify(randomDocument(chain, random, now));
  const inspected = inspectDocument(text);
  if (!inspected.ok) throw new Error(`the campaign made a document that does not parse: ${JSON.stringify(inspected.problems)}`);
  const key = getAddress(pad(toHex(0x5e55_0000 + number), { size: 20 }));
  const onchain = compilePolicy(inspected.document, { key, epoch: 0, rulesBefore: now, protocols: chain.protocols });
  await chain.arm(onchain.policy);
  return { key, compiled: compileDocument(inspected.document, inspected.rules), onchain, usage: UNUSED };
}

function randomDocument(chain: ParityChain, random: RandomSource, now: number): unknown {
  const windowSeconds = random.pick([1, 60, 3_600, 86_400]);
  const spendable = random.chance(0.85) ? chain.tokens : chain.tokens.slice(0, 1);
  const notBefore = now + random.pick([-90_000, -3_600, 0, 50]);
  return {
    version: "session-policy/v1",
    chainId: chain.chainId,
    account: chain.safe,
    notBefore,
    notAfter: notBefore + random.pick([200_000, 1_000_000]),
    rules: [
      transferRule(chain, random, chain.tokens[0], "pay"),
      ...(random.chance(0.5) ? [transferRule(chain, random, chain.tokens[1], "tip")] : []),
      ...(random.chance(0.5) ? vaultRules(chain) : []),
    ],
    budgets: spendable.map((token) => {
      const perWindow = 1 + random.below(10_000);
      return { token, perOp: String(1 + random.below(perWindow)), perWindow: String(perWindow), windowSeconds };
    }),
    rate: { max: random.below(11), windowSeconds: random.pick([1, 30, 3_600, 86_400]) },
  };
}

function transferRule(chain: ParityChain, random: RandomSource, target: Address, id: string): unknown {
  const admitted = [...chain.recipients, chain.safe].filter(() => random.chance(0.6));
  const recipient: Condition = { op: "in", path: "to", values: admitted.length === 0 ? [chain.recipients[0]] : admitted };
  const bound: Condition = { op: "lte", path: "amount", value: String(random.below(10_000)) };
  return {
    id,
    protocol: "erc20",
    target,
    fn: "transfer(address to,uint256 amount)",
    where: random.chance(0.3) ? { op: "and", of: [recipient, bound] } : recipient,
    spends: [{ token: target, path: "amount", kind: "transfer" }],
  };
}

function vaultRules({ adapter, vault, tokens }: ParityChain): unknown[] {
  const where = { op: "eq", path: "vault", value: vault };
  const rule = { protocol: "erc4626", target: adapter, where };
  return [
    { ...rule, id: "save", fn: "deposit(address vault,uint256 assets)", spends: [{ token: tokens[0], path: "assets", kind: "transfer" }] },
    { ...rule, id: "withdraw", fn: "redeem(address vault,uint256 shares)" },
  ];
}
