import { type AbiParameter, type Hex, keccak256, stringToBytes, toFunctionSignature } from "viem";
import { policyHash } from "#platform/session-policy/canonical.js";
import { leavesOf } from "#platform/session-policy/resolve-document.js";
import type { ResolvedRule } from "#platform/session-policy/resolve-rule.js";
import type { PolicyDocument } from "#platform/session-policy/schema.js";
import { leafHash, scopeTree } from "#platform/session-policy/scope-tree.js";
import { positionalParameters } from "./decode-canonical.js";

/** The rules for one function of one target: they differ in the recipients they admit. */
export interface FunctionRules {
  readonly parameters: readonly AbiParameter[];
  readonly rules: readonly ResolvedRule[];
}

/** A document ready to judge with: everything that does not depend on the action, the usage or the time. */
export interface CompiledDocument {
  readonly document: PolicyDocument;
  readonly policyHash: Hex;
  readonly scopeRoot: Hex;
  /** keccak256 over the sorted function signatures: which ABI items the verdict was decoded with. */
  readonly abiSetHash: Hex;
  /** target (lower case) -> selector -> rules. */
  readonly targets: ReadonlyMap<string, ReadonlyMap<string, FunctionRules>>;
}

/** Indexes a parsed document whose rules were resolved. */
export function compileDocument(document: PolicyDocument, rules: readonly ResolvedRule[]): CompiledDocument {
  const targets = new Map<string, Map<string, FunctionRules>>();
  for (const resolved of rules) {
    const functions = targets.get(resolved.rule.target) ?? new Map<string, FunctionRules>();
    targets.set(resolved.rule.target, functions);
    const known = functions.get(resolved.selector);
    const parameters = known?.parameters ?? positionalParameters(resolved.signature.abi.inputs);
    functions.set(resolved.selector, { parameters, rules: [...(known?.rules ?? []), resolved] });
  }
  const signatures = rules.map(({ rule, signature }) => `${rule.target}:${toFunctionSignature(signature.abi)}`);
  return {
    document,
    policyHash: policyHash(document),
    scopeRoot: scopeTree(rules.flatMap(leavesOf).map(leafHash)).root,
    abiSetHash: keccak256(stringToBytes([...new Set(signatures)].toSorted().join("\n"))),
    targets,
  };
}
