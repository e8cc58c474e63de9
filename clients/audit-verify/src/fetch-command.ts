import { readFile } from "node:fs/promises";
import { exportSource } from "./adapters/export-source.js";
import { writeExport } from "./application/write-export.js";
import type { Arguments } from "./arguments.js";
import type { Streams } from "./run.js";

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

/** Makes an export folder from a running log over HTTP. */
export async function fetchCommand(url: string | undefined, values: Arguments, streams: Pick<Streams, "out" | "err">): Promise<number> {
  const { out, begin, end, since } = values;
  const numbers = [begin, end, since].every((text) => text === undefined || /^[0-9]{1,15}$/.test(text));
  if (url === undefined || out === undefined || !numbers) {
    streams.err("audit-verify fetch: needs a URL, --out FOLDER and whole numbers\n");
    return 2;
  }
  const token = values["token-file"] === undefined ? undefined : (await readFile(values["token-file"], "utf8")).trim();
  const content = await exportSource(url, token, { begin: number(begin), end: number(end), since: number(since) });
  const manifest = await writeExport(out, { ...content, plain: values.plain === true });
  streams.out(`${manifest.end - manifest.begin} entries, ${manifest.withheld} of them withheld, in ${out}\n`);
  return 0;
}
