import { Readable } from "node:stream";
import { z } from "zod";
import { auditFrames, entryText } from "../../application/audit-stream.js";
import { withHeartbeat } from "../../application/heartbeat.js";
import { accepted } from "../routing/accepts.js";
import { lastEventId } from "../routing/last-event-id.js";
import { guardedRoute, type Route } from "../routing/route.js";
import { limit } from "../schemas/fields.js";

const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";
const position = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/, "must be an index of the log, decimal")
  .describe("Index in the log, from 0");

const proof = z.object({
  index: position,
  size: position.describe("Entries the checkpoint covers"),
  hashes: z.array(z.string()).describe("Audit path of RFC 9162 in base64, from the leaf's neighbour up"),
  checkpoint: z.string().describe("C2SP signed note with all cosignatures"),
  keys: z.array(z.string()).describe("The log's verifier keys; compare them with what you got another way"),
});

/** The record of everything, for whoever has to check it. */
export const auditRoutes: readonly Route[] = [
  guardedRoute({
    tag: "audit",
    scope: "own",
    addsNoAuthority: true,
    guard: "owner-or-agent",
    operationId: "auditEvents",
    method: "GET",
    path: "/v1/audit/events",
    summary: "Events in order, byte for byte as published: one page of NDJSON, or an endless stream by Accept: text/event-stream",
    query: z.strictObject({ from: position.optional(), limit: limit.optional() }),
    answers: {
      200: {
        description: "CloudEvents, one a line or one a server-sent event whose id is the index; Last-Event-ID resumes after it",
        contentTypes: [NDJSON, SSE],
        headers: { "Interlock-Next": "Index after the last one of the page" },
      },
    },
    refusals: [406],
    async handle({ backends, query, request, signal, principal: { actor } }) {
      const from = BigInt(query.from ?? "0");
      if (accepted(request.headers.accept, [NDJSON, SSE]) === SSE) {
        const seen = lastEventId(request.headers);
        const frames = auditFrames(backends, actor, seen === undefined ? from : seen + 1n, signal);
        return { status: 200, stream: { contentType: SSE, source: Readable.from(withHeartbeat(frames, signal)) } };
      }
      const page = await backends.audit.readEvents({ from: from.toString(), limit: Number(query.limit ?? 100) }, { act: actor });
      const lines = page.entries.map((entry) => `${entryText(entry)}\n`).join("");
      return {
        status: 200,
        headers: { "interlock-next": page.next },
        stream: { contentType: NDJSON, source: Readable.from([lines], { objectMode: false }) },
      };
    },
  }),
  guardedRoute({
    tag: "audit",
    scope: "own",
    addsNoAuthority: true,
    guard: "owner-or-agent",
    operationId: "auditProof",
    method: "GET",
    path: "/v1/audit/proof",
    summary: "That an entry is in the log: hashes from its leaf to the root that the newest checkpoint signs",
    query: z.strictObject({ index: position }),
    answers: { 200: { description: "The proof", schema: proof } },
    refusals: [404],
    async handle({ backends, query, principal: { actor } }) {
      const { index, size, hashes, checkpoint, keys } = await backends.audit.getProof({ index: query.index }, { act: actor });
      const encoded = hashes.map((hash) => Buffer.from(hash).toString("base64"));
      return { status: 200, body: { index, size, hashes: encoded, checkpoint: Buffer.from(checkpoint).toString("utf8"), keys } };
    },
  }),
];
