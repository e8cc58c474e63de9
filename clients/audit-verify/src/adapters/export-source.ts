import { openCheckpoint } from "#platform/transparency-log/checkpoint.js";
import { CompactRange, coveringNodes } from "#platform/transparency-log/compact-range.js";
import { LogError } from "#platform/transparency-log/log-error.js";
import { parseVerifier } from "#platform/transparency-log/note-key.js";
import type { ExportContent } from "../application/write-export.js";
import type { ConsistencyStep } from "../domain/consistency-file.js";
import { ServerRefused } from "./http-mirror.js";

export interface Wanted {
  readonly begin: number | undefined;
  readonly end: number | undefined;
  /** Size of the checkpoint the holder knows; its consistency is proved too. */
  readonly since: number | undefined;
}

/** Everything for an export of a running log. @param base URL in front of /v1/audit */
export async function exportSource(base: string, token: string | undefined, wanted: Wanted): Promise<ExportContent> {
  const ask = async (path: string): Promise<Response> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, base), { headers, redirect: "error" });
    if (!response.ok) throw new ServerRefused(`${path}: the server answered ${response.status} ${(await response.text()).slice(0, 300)}`);
    return response;
  };
  const keys = (await (await ask("/v1/audit/log/keys")).text()).trim().split("\n");
  const checkpoint = Buffer.from(await (await ask("/v1/audit/log/checkpoint")).arrayBuffer());
  const verifiers = keys.map(parseVerifier);
  const { origin, size } = openCheckpoint(checkpoint, verifiers[0]?.name ?? "", verifiers);
  const begin = wanted.begin ?? 0;
  const end = Math.min(wanted.end ?? size, size);
  if (begin > end) throw new LogError("MISSING", `the log has ${size} entries, none from ${begin} on`);
  const range = hashLists(await (await ask(`/v1/audit/proofs/range?begin=${begin}&end=${end}&size=${size}`)).json(), ["left", "right"]);
  const [left = [], right = []] = range;
  const consistency = wanted.since === undefined ? [] : [await stepFrom(ask, wanted.since, size)];
  const events = await ask(`/v1/audit/events?from=${begin}&to=${end}`);
  return { origin, checkpoint, keys, proof: { begin, end, size, left, right }, lines: chunksOf(events), consistency };
}

/** The root of the first `from` entries and the proof that the log grew from it. */
async function stepFrom(ask: (path: string) => Promise<Response>, from: number, size: number): Promise<ConsistencyStep> {
  const [left = []] = hashLists(await (await ask(`/v1/audit/proofs/range?begin=${from}&end=${from}&size=${from}`)).json(), ["left"]);
  const places = coveringNodes(0, from);
  const nodes = places.flatMap((place, i) => (left[i] === undefined ? [] : [{ ...place, hash: left[i] }]));
  const [hashes = []] = hashLists(await (await ask(`/v1/audit/proofs/consistency?from=${from}&size=${size}`)).json(), ["hashes"]);
  return { from, root: new CompactRange(0, nodes).root(), hashes };
}

async function* chunksOf({ body }: Response): AsyncGenerator<Buffer> {
  for await (const chunk of body ?? []) yield Buffer.from(chunk);
}

function hashLists(value: unknown, names: readonly string[]): readonly (readonly Buffer[])[] {
  const fields = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  return names.map((name) => {
    const list: unknown = fields.get(name);
    if (!Array.isArray(list)) throw new ServerRefused(`the server's proof has no ${name}`);
    return list.map((text) => Buffer.from(String(text), "base64"));
  });
}
