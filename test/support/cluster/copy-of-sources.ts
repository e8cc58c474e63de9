import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../deploy/local/temporary-folder.js";
import { root } from "./run.js";

/** A copy of every file that git knows of, or would: what a program may change while somebody works in the checkout. */
export function copyOfSources(): string {
  const folder = temporaryFolder("sources");
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of listed.split("\0")) {
    if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  }
  return folder;
}
