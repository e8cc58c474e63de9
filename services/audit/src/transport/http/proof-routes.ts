import type { Routes } from "./audit-http.js";
import { auditorOf } from "./auditor-of.js";
import { queryOf, requiredNumber } from "./query.js";

const encode = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString("base64"));

/** Proofs for those who keep no tiles: hashes in base64, in the order of RFC 6962. */
export const proofRoutes: Routes = (app, { proving, auditors }) => {
  app.get("/v1/audit/proofs/inclusion", async (request) => {
    auditorOf(request, auditors);
    const query = queryOf(request.query, ["index", "size"]);
    const [index, size] = [requiredNumber(query, "index"), requiredNumber(query, "size")];
    return { index, size, hashes: encode(await proving.inclusion(index, size)) };
  });

  app.get("/v1/audit/proofs/consistency", async (request) => {
    auditorOf(request, auditors);
    const query = queryOf(request.query, ["from", "size"]);
    const [from, size] = [requiredNumber(query, "from"), requiredNumber(query, "size")];
    return { from, size, hashes: encode(await proving.consistency(from, size)) };
  });

  app.get("/v1/audit/proofs/range", async (request) => {
    auditorOf(request, auditors);
    const query = queryOf(request.query, ["begin", "end", "size"]);
    const [begin, end, size] = [requiredNumber(query, "begin"), requiredNumber(query, "end"), requiredNumber(query, "size")];
    const proof = await proving.range(begin, end, size);
    return { begin, end, size, left: encode(proof.left), right: encode(proof.right) };
  });
};
