import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LogError } from "#platform/transparency-log/log-error.js";
import { folderMirror } from "./adapters/folder-mirror.js";
import { httpMirror } from "./adapters/http-mirror.js";
import { verifyDump } from "./application/verify-dump.js";
import { type VerifyOptions, verifyExport } from "./application/verify-export.js";
import { verifyMirror } from "./application/verify-mirror.js";
import type { Arguments } from "./arguments.js";
import type { Report } from "./domain/verdict.js";

/** A wrong use of the program, not a wrong log. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/** Verifies whatever `what` is, and gives the checkpoint it was verified against. */
export async function verifyWhat(
  what: string,
  values: Arguments,
  options: VerifyOptions,
): Promise<{ readonly report: Report; readonly checkpoint: () => Promise<Buffer> }> {
  if (/^https?:\/\//.test(what)) {
    const token = values["token-file"] === undefined ? undefined : (await readFile(values["token-file"], "utf8")).trim();
    const mirror = httpMirror(what, token);
    // A live log grows while it is read: what is verified is the checkpoint that was read first.
    const checkpoint = await mirror.read("checkpoint");
    const still = { read: (path: string) => (path === "checkpoint" ? Promise.resolve(checkpoint) : mirror.read(path)) };
    return { report: await verifyMirror(still, options), checkpoint: () => Promise.resolve(checkpoint) };
  }
  if (!existsSync(what)) throw new WrongUse(`there is no ${what}`);
  if (existsSync(join(what, "manifest.json"))) {
    return { report: await verifyExport(what, options), checkpoint: () => readFile(join(what, "checkpoint")) };
  }
  if (existsSync(join(what, "tile")) || existsSync(join(what, "checkpoint"))) {
    return { report: await verifyMirror(folderMirror(what), options), checkpoint: () => readFile(join(what, "checkpoint")) };
  }
  const path = values.checkpoint;
  if (path === undefined) throw new WrongUse("a topic dump needs --checkpoint; an export or a mirror is a folder");
  if (!existsSync(path)) throw new LogError("MISSING", `there is no ${path}`);
  const bytes = await readFile(path);
  return { report: await verifyDump(what, bytes, options), checkpoint: () => Promise.resolve(bytes) };
}
