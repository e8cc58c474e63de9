import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { eventFrames } from "../../application/event-frames.js";
import { ndjson } from "../../application/event-lines.js";
import { pause } from "../../application/pause.js";
import type { Auditor } from "../../domain/entry.js";
import type { AuditHttp, Routes } from "./audit-http.js";
import { auditorOf } from "./auditor-of.js";
import { withComments } from "./keep-alive.js";
import { queryOf, wholeNumber } from "./query.js";

const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";

/** Where a client of the stream goes on: behind the event it has seen last, else at `from`. */
function startOf(request: FastifyRequest, from: number): bigint {
  const seen = request.headers["last-event-id"];
  if (seen === undefined || seen === "") return BigInt(from);
  if (typeof seen === "string" && /^(0|[1-9][0-9]{0,14})$/.test(seen)) return BigInt(seen) + 1n;
  throw new InterlockError("VALIDATION_FAILED", "Last-Event-ID: must be the id of an event of this stream");
}

/** Refuses before the answer begins what would otherwise break it off in the middle. */
async function requireThere({ reading }: AuditHttp, from: bigint): Promise<bigint> {
  const [first, settled] = [await reading.first(), await reading.settled()];
  if (from < first) {
    throw new InterlockError("LOG_PRUNED", `entries before ${first} were deleted`, { details: { first: first.toString() } });
  }
  return settled;
}

function streamEvents(http: AuditHttp, auditor: Auditor, from: bigint, closed: AbortSignal): Readable {
  const signal = AbortSignal.any([closed, http.stopping]);
  const onRead = (begin: bigint, to: bigint) => http.access.note({ reader: auditor.sub, way: "stream", from: begin, to });
  const frames = eventFrames({ ...http, reader: auditor, from, signal, onRead, pause });
  return Readable.from(withComments(frames, signal));
}

/** Settled events in order: NDJSON that ends, or server-sent events that do not. */
export const eventRoutes: Routes = (app, http) => {
  app.get("/v1/audit/events", async (request, reply) => {
    const auditor = auditorOf(request, http.auditors);
    const query = queryOf(request.query, ["from", "to"]);
    const from = wholeNumber(query, "from") ?? 0;
    if ((request.headers.accept ?? "").includes(SSE)) {
      const start = startOf(request, from);
      await requireThere(http, start);
      const closed = new AbortController();
      request.raw.once("close", () => closed.abort());
      reply.raw.once("close", () => closed.abort());
      return reply
        .header("content-type", SSE)
        .header("cache-control", "no-store")
        .send(streamEvents(http, auditor, start, closed.signal));
    }
    const settled = await requireThere(http, BigInt(from));
    const asked = wholeNumber(query, "to");
    const to = asked === undefined || BigInt(asked) > settled ? settled : BigInt(asked);
    http.access.note({ reader: auditor.sub, way: "events", from: BigInt(from), to });
    return reply
      .header("content-type", NDJSON)
      .header("interlock-next", String(to > BigInt(from) ? to : from))
      .send(Readable.from(ndjson(http.reading, auditor, BigInt(from), to), { objectMode: false }));
  });
};
