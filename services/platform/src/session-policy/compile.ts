import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import { InterlockError } from "../errors/interlock-error.js";
import type { ParsedAction } from "../intent/intent.js";
import { policyHash } from "./canonical.js";
import type { OnchainPolicyStruct } from "./onchain-policy.js";
import { type DocumentProblem, documentRefused } from "./problem.js";
import { leavesOf, resolveDocument, type ScopeLeaf } from "./resolve-document.js";
import type { ResolvedRule } from "./resolve-rule.js";
import type { PolicyDocument } from "./schema.js";
import { leafHash, scopeTree } from "./scope-tree.js";

/** Budget window of a policy without budgets: the chain wants one above 0. */
const UNUSED_BUDGET_WINDOW = 86_400;
/** `rulesBefore` of a policy that follows the registry: the largest uint40. */
const FOLLOW = 2 ** 40 - 1;

export interface CompileOptions {
  /** Address of the session key. */
  readonly key: Address;
  /** The Safe's epoch on chain. */
  readonly epoch: number;
  /** Newest registry rule that counts (Unix seconds); ignored by a document that follows the registry. */
  readonly rulesBefore: number;
  /** Protocol labels of the deployment and their ids on chain (1..255). */
  readonly protocols: Readonly<Record<string, number>>;
}

export interface CompiledPolicy {
  readonly policy: OnchainPolicyStruct;
  readonly leaves: readonly ScopeLeaf[];
  /** One scope proof per call of the action, in order; an empty one for a call that is not in scope. */
  proofFor(action: ParsedAction): Hex[][];
}

/**
 * Compiles a parsed document to SessionModule's Policy and its scope. Equal input gives equal output, so that permissions,
 * vault and relay can each recompile and compare.
 * @throws InterlockError VALIDATION_FAILED for a protocol the deployment does not have, or a document parsePolicyDocument would refuse.
 */
export function compilePolicy(document: PolicyDocument, options: CompileOptions): CompiledPolicy {
  const problems: DocumentProblem[] = [];
  const rules = resolveDocument(document, problems);
  if (problems.length > 0) throw documentRefused(problems);
  const leaves = rules.flatMap(leavesOf);
  const tree = scopeTree(leaves.map(leafHash));
  const policy: OnchainPolicyStruct = {
    safe: document.account,
    key: options.key,
    validAfter: document.notBefore,
    validUntil: document.notAfter,
    rateWindow: document.rate.windowSeconds,
    maxOps: document.rate.max,
    budgetWindow: document.budgets[0]?.windowSeconds ?? UNUSED_BUDGET_WINDOW,
    epoch: options.epoch,
    rulesBefore: document.follow ? FOLLOW : options.rulesBefore,
    protocolMask: protocolMask(document, options.protocols),
    scopeRoot: tree.root,
    maxSlippageBps: document.maxSlippageBps ?? 0,
    policyHash: policyHash(document),
    limits: document.budgets.map(({ token, perOp, perWindow }) => ({ token, perOp: BigInt(perOp), perPeriod: BigInt(perWindow) })),
  };
  const proofOf = (target: Address, data: Hex) => tree.proof(scopeLeafHash(rules, target, data)) ?? [];
  return { policy, leaves, proofFor: (action) => callsOf(action).map(({ to, data }) => proofOf(to, data)) };
}

function protocolMask(document: PolicyDocument, protocols: Readonly<Record<string, number>>): bigint {
  return document.rules.reduce((mask, { protocol }, i) => {
    const id = Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined;
    if (id === undefined || id < 1 || id > 255) {
      const field = `rules[${i}].protocol`;
      const rule = `must be one of ${Object.keys(protocols).join(", ")}`;
      throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: protocol } });
    }
    return mask | (1n << BigInt(id));
  }, 0n);
}

function callsOf(action: ParsedAction): readonly { readonly to: Address; readonly data: Hex }[] {
  if (action.kind === "adapter") return [{ to: action.adapter, data: action.args }];
  return action.kind === "call" ? [action.call] : action.calls;
}

/** Hash of the leaf that the module will compute for the call; zero when no rule knows the function. */
function scopeLeafHash(rules: readonly ResolvedRule[], target: Address, data: Hex): Hex {
  const selector = data.slice(0, 10).toLowerCase();
  const rule = rules.find((one) => one.rule.target === target.toLowerCase() && one.selector === selector);
  if (rule === undefined) return zeroHash;
  const recipient = rule.recipient === undefined ? zeroAddress : addressAt(data, rule.recipient.word);
  return recipient === undefined ? zeroHash : leafHash({ target: rule.rule.target, selector: rule.selector, recipient });
}

/** The twelve bytes in front of an address in its word. */
const NO_ADDRESS_BITS = "0".repeat(24);

/** The address in word `word` after the selector; undefined when the calldata is too short or the word is no address. */
export function addressAt(data: Hex, word: number): Address | undefined {
  const start = 4 + 32 * word;
  if (data.length < 2 + 2 * (start + 32)) return undefined;
  const word32 = data.slice(2 + 2 * start, 2 + 2 * (start + 32));
  return word32.startsWith(NO_ADDRESS_BITS) ? `0x${word32.slice(NO_ADDRESS_BITS.length)}` : undefined;
}
