import type { Report } from "./domain/verdict.js";

/** The report for a person. */
export function printReport(report: Report): string {
  const { verdict, exit, origin, size, begin, end, root, withheld, producers, views, findings, evidence } = report;
  const lines = [`${verdict.toUpperCase()} (exit ${exit})`, `  log       ${origin}, ${size} entries, root ${root || "not known"}`];
  lines.push(`  read      ${begin} to ${end}${withheld > 0 ? `, ${withheld} of them withheld` : ""}`);
  for (const { source, first, last, events } of producers) lines.push(`  producer  ${source}: ${events} events, ${first} to ${last}`);
  for (const { kind, message } of views) lines.push(`  seen by   ${kind}: ${message}`);
  for (const { kind, message, index } of findings) lines.push(`  ${kind}${index === undefined ? "" : ` at ${index}`}: ${message}`);
  for (const note of evidence) lines.push("  evidence:", note.replace(/^/gm, "    "));
  return `${lines.join("\n")}\n`;
}
