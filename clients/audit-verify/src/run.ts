import { LogError } from "#platform/transparency-log/log-error.js";
import { parseArguments, USAGE } from "./arguments.js";
import { fetchCommand } from "./fetch-command.js";
import { knowledgeOf, writeState } from "./knowledge-of.js";
import { printReport } from "./print-report.js";
import { verifyWhat } from "./verify-command.js";

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Someone looks: progress is shown. */
  readonly interactive: boolean;
}

const WRONG_USE = 2;

/** Runs the program and returns its exit code; never 0 by accident. */
export async function run(args: readonly string[], streams: Streams, now = Math.floor(Date.now() / 1000)): Promise<number> {
  try {
    const { values, positionals } = parseArguments(args);
    const [what, url] = positionals;
    if (values.help === true || what === undefined) {
      streams.out(`${USAGE}\n`);
      return values.help === true ? 0 : WRONG_USE;
    }
    if (what === "fetch") return await fetchCommand(url, values, streams);
    const onProgress = values.quiet === true || !streams.interactive ? undefined : (n: number) => streams.err(`\r${n} entries read`);
    const { report, checkpoint } = await verifyWhat(what, values, { ...(await knowledgeOf(values, now)), onProgress });
    if (onProgress !== undefined) streams.err("\r\u001b[K");
    if (values.state !== undefined && (report.exit === 0 || report.exit === 3)) await writeState(values.state, await checkpoint());
    streams.out(values.json === true ? `${JSON.stringify(report)}\n` : printReport(report));
    return report.exit;
  } catch (error) {
    streams.err(`audit-verify: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof LogError && error.fault !== "MALFORMED" ? 1 : WRONG_USE;
  }
}
