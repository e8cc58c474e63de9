import type { Command } from "commander";
import { Api } from "./api.js";
import { profilePath } from "./profile.js";

/** Options every command has. */
export interface GlobalOptions {
  readonly url: string;
  readonly profile?: string;
  readonly json: boolean;
}

/** What a command works with. */
export interface Context {
  readonly api: Api;
  readonly json: boolean;
  /** Prints a result: JSON with `--json`, else the lines for a person. */
  show(result: unknown, lines: readonly string[]): void;
}

/** The context of a command from its own and the program's options. */
export function contextOf(command: Command): Context {
  const { url, profile, json } = command.optsWithGlobals<GlobalOptions>();
  const show = (result: unknown, lines: readonly string[]) => {
    if (json) console.log(JSON.stringify(result));
    else for (const line of lines) console.log(line);
  };
  return { api: new Api(url, profilePath(profile)), json, show };
}
