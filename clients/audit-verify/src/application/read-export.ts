import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LogError } from "#platform/transparency-log/log-error.js";
import { gunzipOne } from "../adapters/gunzip-one.js";
import { LineReader, type OnLine } from "../adapters/line-reader.js";
import { readChunks } from "../adapters/read-chunks.js";
import { type ExportFile, type Manifest, parseManifest } from "../domain/manifest.js";

/** Names of the events in an export, packed or plain. */
export const EVENT_FILES = ["events.ndjson.gz", "events.ndjson"] as const;

async function listFiles(folder: string, inside = ""): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await listFiles(folder, name)));
    else if (entry.isFile()) names.push(name);
    else throw new LogError("TRAILING", `${name} is neither a file nor a folder`);
  }
  return names;
}

async function checkFile(folder: string, { name, bytes, sha256 }: ExportFile): Promise<void> {
  const { size } = await stat(join(folder, name));
  if (size < bytes) throw new LogError("TRUNCATED", `${name} has ${size} of the ${bytes} bytes the manifest names`);
  if (size > bytes) throw new LogError("TRAILING", `${name} has ${size - bytes} bytes more than the manifest names`);
  if (sha256 === undefined) {
    if (!EVENT_FILES.some((file) => file === name)) throw new LogError("MALFORMED", `manifest.json names no hash of ${name}`);
    return;
  }
  const hash = createHash("sha256");
  for await (const chunk of readChunks(join(folder, name))) hash.update(chunk);
  if (hash.digest("hex") !== sha256) throw new LogError("MODIFIED", `${name} is not the file the manifest names`);
}

/**
 * The manifest of an export whose files are exactly the ones it names.
 * @throws LogError MALFORMED, MISSING, TRAILING, TRUNCATED or MODIFIED
 */
export async function openExport(folder: string): Promise<Manifest> {
  const there = await listFiles(folder);
  if (!there.includes("manifest.json")) throw new LogError("MISSING", "manifest.json is missing");
  const manifest = parseManifest(await readFile(join(folder, "manifest.json"), "utf8"));
  const named = manifest.files.map(({ name }) => name);
  if (new Set(named).size !== named.length) throw new LogError("DUPLICATE", "manifest.json names a file twice");
  for (const name of named) if (!there.includes(name)) throw new LogError("MISSING", `${name} is missing`);
  for (const name of there) {
    if (name !== "manifest.json" && !named.includes(name)) throw new LogError("TRAILING", `${name} is not in the manifest`);
  }
  return manifest;
}

/** Checks every file but the events against the manifest. */
export async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  for (const file of manifest.files) await checkFile(folder, file);
}

/** Hands every line of the export's events to `onLine`. @throws LogError when the file is not whole */
export async function readEvents(folder: string, { files }: Manifest, onLine: OnLine): Promise<void> {
  const [name, ...more] = EVENT_FILES.filter((file) => files.some((one) => one.name === file));
  if (name === undefined) throw new LogError("MISSING", "the export has no events");
  if (more.length > 0) throw new LogError("TRAILING", "the export has its events twice");
  const path = join(folder, name);
  const reader = new LineReader(onLine);
  const chunks: AsyncIterable<Buffer> = name.endsWith(".gz") ? gunzipOne(path) : readChunks(path);
  for await (const chunk of chunks) reader.push(chunk);
  reader.end();
}
