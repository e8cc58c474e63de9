import type { FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AuditorList } from "../../domain/auditor-list.js";
import { type Auditor, readsEverything } from "../../domain/entry.js";

/** Who asks. @throws InterlockError UNAUTHENTICATED without the token of somebody on the list */
export function auditorOf(request: FastifyRequest, list: AuditorList | undefined): Auditor {
  const [, token] = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? "") ?? [];
  const auditor = token === undefined ? undefined : list?.find(token);
  if (auditor === undefined) throw new InterlockError("UNAUTHENTICATED", "an auditor's bearer token is needed");
  return auditor;
}

/** @throws InterlockError FORBIDDEN when something is withheld from `auditor`: bundles come whole or not at all */
export function requireWholeLog(auditor: Auditor): void {
  if (!readsEverything(auditor)) {
    throw new InterlockError("FORBIDDEN", "entry bundles are for those who may read every entry; use /v1/audit/events");
  }
}
