import type { ConfigDefinition, Variable } from "./variable.js";

export interface DescribedService {
  readonly service: string;
  readonly definition: ConfigDefinition;
}

/** Keeps a cell on one line of a Markdown table. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function defaultOf(variable: Variable): string {
  const unset = variable.schema.safeParse(undefined);
  if (!unset.success) return "required";
  return unset.data === undefined ? "optional" : `\`${String(unset.data)}\``;
}

function row(variable: Variable): string {
  const example = variable.example === undefined ? "" : ` Example: \`${variable.example}\`.`;
  const secret = variable.secret ? "yes" : "";
  return `| \`${variable.env}\` | ${defaultOf(variable)} | ${secret} | ${cell(variable.description + example)} |`;
}

/** Markdown of docs/configuration.md: every variable of every service, from the same declarations that load them. */
export function describeConfig(services: readonly DescribedService[]): string {
  const sections = services.map(({ service, definition }) => {
    const rows = Object.values(definition)
      .toSorted((a, b) => a.env.localeCompare(b.env))
      .map(row);
    return [`## ${service}`, "", "| variable | default | secret | what it is |", "|---|---|---|---|", ...rows].join("\n");
  });
  const head = [
    "# Configuration",
    "",
    "Generated from `services/*/src/config.ts`; do not edit. `npm run generate` writes it, the lint checks it.",
    "",
    "Every variable may be given as `NAME` or as `NAME_FILE`, the path of a file with the value (for mounted secrets); giving both is an error.",
    "An empty variable counts as not set. Secrets have no default and are never shown in logs or errors.",
  ].join("\n");
  return `${[head, ...sections].join("\n\n")}\n`;
}
