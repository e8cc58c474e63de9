import type { Address } from "viem";
import type { CompiledCondition } from "./compile-condition.js";

/**
 * The addresses that `condition` can admit for the top-level argument at `position`: a finite superset, or undefined when
 * nothing bounds it. Used to build the scope leaves, so that the chain admits no recipient the owner did not name.
 */
export function admittedRecipients(condition: CompiledCondition, position: number, account: Address): ReadonlySet<string> | undefined {
  switch (condition.op) {
    case "and":
      return condition.of
        .map((child) => admittedRecipients(child, position, account))
        .reduce((all, some) => (all === undefined ? some : some === undefined ? all : inBoth(all, some)), undefined);
    case "or": {
      const children = condition.of.map((child) => admittedRecipients(child, position, account));
      const finite = children.filter((child) => child !== undefined);
      if (finite.length < children.length) return undefined;
      return new Set(finite.flatMap((child) => [...child]));
    }
    case "eq":
      return isAt(condition.steps, position) ? new Set([String(condition.value)]) : undefined;
    case "in":
      return isAt(condition.steps, position) ? new Set([...condition.values].map(String)) : undefined;
    case "eqAccount":
      return isAt(condition.steps, position) ? new Set([account.toLowerCase()]) : undefined;
    default:
      return undefined;
  }
}

function isAt(steps: readonly number[], position: number): boolean {
  return steps.length === 1 && steps[0] === position;
}

function inBoth(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((address) => other.has(address)));
}
