import { ERROR_TABLE, errorRow, isErrorCode } from "./error-table.js";
import { problemType } from "./problem.js";

/** Markdown of docs/errors.md: every code with what each border makes of it, an anchor per problem type. */
export function describeErrors(): string {
  const sections = Object.keys(ERROR_TABLE)
    .filter(isErrorCode)
    .map((code) => {
      const row = errorRow(code);
      const wait = row.retryAfter === undefined ? "" : ` · Retry-After ${row.retryAfter} s unless the error says otherwise`;
      return `## ${row.type}\n\n${row.title}.\n\n\`${code}\` · gRPC \`${row.grpc}\` · HTTP ${row.http} · \`${problemType(code)}\` · audit reason \`${row.auditReason}\`${wait}`;
    });
  const head = [
    "# Errors",
    "",
    "Generated from `services/platform/src/errors/error-table.ts`; do not edit. Every error of Interlock is a row of that table, and a row",
    "decides what gRPC, HTTP (RFC 9457) and the audit stream say. Rows are added, never renamed.",
  ].join("\n");
  return `${[head, ...sections].join("\n\n")}\n`;
}
