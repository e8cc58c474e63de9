import type { JsonSchema } from "./json-schema.js";
import type { DescribedEvent } from "./read-descriptors.js";

const kindOf = (schema: JsonSchema): string => {
  if (schema.type === "array") return `list of ${kindOf(schema.items as JsonSchema)}`;
  if (schema.type !== "object") return String(schema.type);
  return `{${Object.keys(schema.properties as object).join(", ")}}`;
};

const noteOf = (schema: JsonSchema): string => {
  const pattern = typeof schema.pattern === "string" ? `\`${schema.pattern.replaceAll("|", "\\|")}\`` : "";
  return [pattern, typeof schema.description === "string" ? schema.description : ""].filter((part) => part !== "").join(" ");
};

/** The page of one event type, with an example when there is one. */
export function eventPage({ type, word, description, schema }: DescribedEvent, example: string | undefined): string {
  const required = new Set(schema.required as readonly string[]);
  const rows = Object.entries(schema.properties as Record<string, JsonSchema>).map(
    ([name, field]) => `| \`${name}\` | ${kindOf(field)} | ${required.has(name) ? "always" : "when known"} | ${noteOf(field)} |`,
  );
  const shown = example === undefined ? [] : ["## Example", "", "```json", JSON.stringify(JSON.parse(example), undefined, 2), "```", ""];
  return [
    `# ${type}`,
    "",
    `${word}. ${description}`,
    "",
    `JSON Schema of the whole event: [schemas/${type}.json](schemas/${type}.json). \`data\` also holds \`salt\`, \`env\` and \`actor\`.`,
    "",
    "| in `data` | kind | there | form |",
    "|---|---|---|---|",
    ...rows,
    "",
    ...shown,
  ].join("\n");
}

/** The list of all event types. */
export function eventIndex(events: readonly DescribedEvent[]): string {
  const rows = events.map(({ type, word, description }) => `| [${type}](${type}.md) | ${word} | ${description} |`);
  return [
    "# Events",
    "",
    "Generated from `proto/interlock/events`; `npm run generate`.",
    "",
    "| type | word | what it says |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
