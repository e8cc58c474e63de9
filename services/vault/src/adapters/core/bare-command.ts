import { accessSync, constants } from "node:fs";

const SHELL = "/bin/sh";
const ENV = "/usr/bin/env";

export interface BareCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * `program` as it has to run where keys are in memory: no core dump, whose file would hold them, and no environment. Node has no call for
 * the limit, so a shell sets it (soft and hard: the child cannot raise it again) and becomes the program, same process id; `env -i` takes
 * away what the shell adds. Where there is no shell (a bare image) the limit is the orchestrator's to set.
 */
export function bareCommand(program: string, args: readonly string[]): BareCommand {
  if (![SHELL, ENV].every(isExecutable)) return { program, args };
  return { program: SHELL, args: ["-c", `ulimit -c 0 && exec ${ENV} -i "$0" "$@"`, program, ...args] };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
