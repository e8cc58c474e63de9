import { isJsonObject, parseJsonObject } from "../kernel/json.js";
import type { ClaimRule } from "./claim-rule.js";

/** Claims with one text: a JSON object that has each of them once, in the order of their rules, without blanks, and nothing else. */
export interface ClaimSet<Claims> extends ClaimRule {
  /** The claims in `text`, or undefined when it is not their text. */
  readonly read: (text: string) => Claims | undefined;
  /** What keeps `text` from being theirs: the claim and its rule. */
  readonly broken: (text: string) => string;
}

/**
 * Reads and writes claims by `rules`. One pattern is canonical form and rules at once: a vault reads two tickets per signature, and to write
 * each anew for comparison and ask a schema costs three times as much.
 */
export function claimSet<Claims>(rules: { readonly [Name in keyof Claims]: ClaimRule }): ClaimSet<Claims> {
  const entries = Object.entries<ClaimRule>(rules);
  const json = `\\{${entries.map(([name, rule]) => `"${name}":${rule.json}`).join(",")}\\}`;
  const pattern = new RegExp(`^${json}$`);
  const says = `must have exactly ${Object.keys(rules).join(", ")}, in this order`;
  return {
    json,
    says,
    write: (claims) => {
      const given = isJsonObject(claims) ? claims : {};
      return `{${entries.map(([name, { write }]) => `"${name}":${write(given[name])}`).join(",")}}`;
    },
    read: (text) => (pattern.test(text) ? JSON.parse(text) : undefined),
    broken: (text) => {
      const given = parseJsonObject(text) ?? {};
      const wrong = entries.find(([name, rule]) => !new RegExp(`^${rule.json}$`).test(rule.write(given[name])));
      return wrong === undefined ? `claims: ${says}` : `${wrong[0]}: ${wrong[1].says}`;
    },
  };
}
