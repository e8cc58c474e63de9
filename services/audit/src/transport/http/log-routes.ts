import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseTilePath } from "#platform/transparency-log/tile.js";
import type { Routes } from "./audit-http.js";
import { auditorOf, requireWholeLog } from "./auditor-of.js";
import { queryOf, wholeNumber } from "./query.js";

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";
/** A full tile never changes; a partial one neither, it only gets a wider neighbour. */
const FOR_EVER = "private, max-age=31536000, immutable";
const BUNDLE_WIDTH = 256n;

/** The log as C2SP tlog-tiles serves it, under /v1/audit/log/. */
export const logRoutes: Routes = (app, { checkpoints, proving, access, auditors, logKeys }) => {
  app.get("/v1/audit/log/checkpoint", async (request, reply) => {
    auditorOf(request, auditors);
    const cosigned = wholeNumber(queryOf(request.query, ["cosigned"]), "cosigned") ?? 0;
    const checkpoint = cosigned > 0 ? await checkpoints.newestCosigned(cosigned) : await checkpoints.newest();
    if (checkpoint === undefined) throw new InterlockError("NOT_FOUND", "there is no such checkpoint yet");
    return reply.header("content-type", TEXT).header("cache-control", "no-store").send(checkpoint.note);
  });

  app.get("/v1/audit/log/keys", async (request, reply) => {
    auditorOf(request, auditors);
    return reply.header("content-type", TEXT).send(logKeys.map((key) => `${key}\n`).join(""));
  });

  app.get<{ Params: { "*": string } }>("/v1/audit/log/tile/*", async (request, reply) => {
    const auditor = auditorOf(request, auditors);
    const path = `tile/${request.params["*"]}`;
    const place = parseTilePath(path);
    if (place === undefined) throw new InterlockError("NOT_FOUND", "no tile is called that");
    if (place.level === "entries") {
      requireWholeLog(auditor);
      const from = BigInt(place.index) * BUNDLE_WIDTH;
      access.note({ reader: auditor.sub, way: "bundle", from, to: from + BigInt(place.width) });
    }
    const bytes = await proving.resource(place);
    return reply.header("content-type", BYTES).header("cache-control", FOR_EVER).send(bytes);
  });
};
