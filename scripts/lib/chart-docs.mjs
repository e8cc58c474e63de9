// The documents that are drawn from the chart's values and from the ladder's table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** Text of each generated document, by path from the root. */
export function chartDocs() {
  return { "docs/deploy/values.md": valuesDoc(), "docs/operations/degradation.md": ladderDoc() };
}

/** One row per value that has a `# -- ` comment; sections come from plain comments above a top-level key. */
function valuesDoc() {
  const lines = readFileSync(join(root, "charts/interlock/values.yaml"), "utf8").split("\n");
  const path = [];
  const rows = [];
  let about = [];
  for (const line of lines) {
    const comment = /^\s*# (-- )?(.*)$/.exec(line);
    if (comment !== null) {
      about.push(comment[2]);
      continue;
    }
    const key = /^( *)([A-Za-z0-9]+):(.*)$/.exec(line);
    if (key === null) {
      about = [];
      continue;
    }
    const [, indent, name, rest] = key;
    path.length = indent.length / 2;
    path.push(name);
    if (about.length > 0)
      rows.push(`| \`${path.join(".")}\` | ${cell(rest.trim())} | ${about.join(" ").replace(/\s+/g, " ").replaceAll("|", "\\|")} |`);
    about = [];
  }
  return [
    "# Values of the chart",
    "",
    "Generated from `charts/interlock/values.yaml`; do not edit. `npm run generate` writes it.",
    "",
    "| value | default | what it is |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

const cell = (text) => (text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``);

function ladderDoc() {
  const truth = JSON.parse(readFileSync(join(root, "deploy/ladder.truth.json"), "utf8"));
  const names = Object.keys(truth.capabilities);
  const head = ["what is down", "level", ...names];
  const rows = truth.rows.map(({ when, level, cells }) => [when.join(" + ") || "nothing", level, ...names.map((name) => cells[name])]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    "# The degradation ladder",
    "",
    "Generated from `deploy/ladder.truth.json`; do not edit. `npm run generate` writes it.",
    "",
    truth.about,
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
    "## What the words mean",
    "",
    ...Object.entries(truth.modes).map(([mode, { means, allows }]) => `- **${mode}**${allows ? "" : " (refused)"}: ${means}`),
    "",
    "## What is not there yet",
    "",
    ...truth.absent.map(({ cell: where, what }) => `- ${where}: ${what}`),
    "",
    "## What the words do not say",
    "",
    ...truth.notes.map(({ cell: where, what }) => `- ${where}: ${what}`),
    "",
    "## Holding a level by hand",
    "",
    "    helm upgrade interlock charts/interlock --reuse-values --set degradation.level=L2",
    "    helm upgrade interlock charts/interlock --reuse-values --set 'degradation.conditions={SignerDown}'",
    "",
    "The ConfigMap is mounted and read again every two seconds once the kubelet has brought it (a minute at most); no pod restarts. A level",
    "stands for its rung's condition. A floor only takes away: what a service sees down by itself stays down.",
    "",
  ].join("\n");
}
