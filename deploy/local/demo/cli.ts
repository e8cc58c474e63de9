import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startChild, stopChild } from "../child.js";

const program = fileURLToPath(new URL("../../../clients/cli/src/main.js", import.meta.url));

/** What a CLI call came to. */
export interface CliResult {
  readonly code: number;
  readonly json: Record<string, unknown>;
  readonly stderr: string;
}

/** `interlock`, as its user types it: a process of its own with its own kept login. */
export class Cli {
  /** Where this user's login is kept. */
  readonly profileFile: string;
  private readonly environment: Record<string, string | undefined>;

  constructor(gatewayUrl: string, folder: string, who: string) {
    this.profileFile = join(folder, `${who}.profile.json`);
    this.environment = { ...process.env, INTERLOCK_URL: gatewayUrl, INTERLOCK_PROFILE: this.profileFile };
  }

  /** Runs a command to its end, whatever it comes to. */
  async run(...args: readonly string[]): Promise<CliResult> {
    const child = startChild(process.execPath, [program, "--json", ...args], { env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    const code = await new Promise<number>((resolve) => child.once("close", (status) => resolve(status ?? 1)));
    const text = Buffer.concat(out).toString().trim();
    const stderr = Buffer.concat(err).toString().trim();
    return { code, stderr, json: text === "" ? {} : parse(text) };
  }

  /** Runs a command that has to work. @throws Error with what it said when it does not. */
  async must(...args: readonly string[]): Promise<Record<string, unknown>> {
    const { code, json, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`interlock ${args.join(" ")} ended with ${code}: ${stderr} ${JSON.stringify(json)}`);
    return json;
  }

  /** Runs a command that goes on; `line` gets what it prints. Returns how to end it. */
  follow(line: (text: string) => void, ...args: readonly string[]): () => Promise<void> {
    const child = startChild(process.execPath, [program, "--json", ...args], {
      env: this.environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", line);
    return () => stopChild(child);
  }
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : { items: value };
}
