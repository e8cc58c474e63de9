import { readFileSync } from "node:fs";
import { InterlockError } from "../errors/interlock-error.js";
import type { JsonObject } from "../kernel/json.js";
import type { ConfigDefinition, ConfigOf, Variable } from "./variable.js";

export type Environment = Readonly<Record<string, string | undefined>>;
export type ReadText = (path: string) => string;

interface Problem {
  readonly variable: string;
  readonly rule: string;
  readonly seen: string;
}

type Reading = { readonly text: string | undefined } | { readonly problem: Problem };

const MAX_SHOWN = 80;

function shown(variable: Variable, text: string | undefined): string {
  if (text === undefined) return "nothing";
  if (variable.secret) return "a secret, not shown";
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);
}

/** The text of a variable: NAME itself, or the content of the file NAME_FILE names; an empty NAME counts as not set. */
function readVariable(variable: Variable, env: Environment, readText: ReadText): Reading {
  const direct = env[variable.env] === "" ? undefined : env[variable.env];
  const path = env[`${variable.env}_FILE`] === "" ? undefined : env[`${variable.env}_FILE`];
  if (direct !== undefined && path !== undefined) {
    return { problem: { variable: variable.env, rule: `give ${variable.env} or ${variable.env}_FILE, not both`, seen: "both" } };
  }
  if (path === undefined) return { text: direct };
  try {
    return { text: readText(path).trim() };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an error";
    return { problem: { variable: `${variable.env}_FILE`, rule: `must be a readable file (${code})`, seen: JSON.stringify(path) } };
  }
}

/**
 * Reads and checks every variable of `definition`.
 * @throws InterlockError CONFIG_INVALID that lists every wrong variable with the rule it breaks and, unless it is a secret, the value seen
 */
export function loadConfig<Definition extends ConfigDefinition>(
  definition: Definition,
  env: Environment = process.env,
  readText: ReadText = (path) => readFileSync(path, "utf8"),
): ConfigOf<Definition> {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, variable] of Object.entries(definition)) {
    const reading = readVariable(variable, env, readText);
    if ("problem" in reading) {
      problems.push(reading.problem);
      continue;
    }
    const parsed = variable.schema.safeParse(reading.text);
    if (parsed.success) values[name] = parsed.data;
    else {
      // A custom message of a secret's schema must not quote the value either, so only the first issue's own text is used.
      const rule = reading.text === undefined ? "is required" : (parsed.error.issues[0]?.message ?? "is malformed");
      problems.push({ variable: variable.env, rule, seen: shown(variable, reading.text) });
    }
  }
  if (problems.length === 0) return values as ConfigOf<Definition>;
  const lines = problems.map(({ variable, rule, seen }) => `  ${variable}: ${rule} (seen: ${seen})`);
  const details: JsonObject = { variables: problems.map(({ variable, rule, seen }) => ({ variable, rule, seen })) };
  throw new InterlockError("CONFIG_INVALID", `wrong configuration:\n${lines.join("\n")}`, { details, docs: "docs/configuration.md" });
}
