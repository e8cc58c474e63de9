import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { compiledFolder } from "../../../../deploy/local/compiled-folder.js";

const run = promisify(execFile);

export interface FollowOptions {
  /** Working folder, with `operator.jwk` and `operator-2.jwk`. */
  readonly folder: string;
  /** Port of the vault. */
  readonly port: number;
  /** Where `kubectl` is answered (kubectl-double.ts); without it there is none. */
  readonly kubectl?: string;
}

/** Runs the block of docs/operations/vault.md that is marked `<!-- run: NAME -->`, as it stands. @returns what it printed */
export async function follow(name: string, { folder, port, kubectl = "" }: FollowOptions): Promise<string> {
  const vault = join(compiledFolder(), "services", "vault");
  const program = (path: string) => `${process.execPath} ${join(vault, path)} "$@"`;
  const lines = [
    "set -eu -o pipefail",
    `interlock-vault() { ${program("src/cli/main.js")}; }`,
    `kubectl() { ${program("test/support/kubectl-program.js")}; }`,
    block(name),
  ];
  const env = { ...process.env, INTERLOCK_VAULT: `127.0.0.1:${port}`, INTERLOCK_OPERATOR_KEY: "operator.jwk", KUBECTL: kubectl };
  return (await run("bash", ["-c", lines.join("\n")], { cwd: folder, env })).stdout;
}

function block(name: string): string {
  const guide = readFileSync(join(compiledFolder(), "..", "docs", "operations", "vault.md"), "utf8");
  const [, text] = new RegExp(`<!-- run: ${name} -->\\n\`\`\`sh\\n([^\`]+)\`\`\``).exec(guide) ?? [];
  if (text === undefined) throw new Error(`the guide has no block ${name}`);
  return text;
}
