import { AsyncLocalStorage } from "node:async_hooks";
import { InterlockError } from "../errors/interlock-error.js";
import type { Actor } from "../service-auth/actor.js";
import type { ServiceName } from "../service-auth/service-names.js";

/** What one request carries through the process, from the border it came in by to every call it makes. */
export interface RequestContext {
  /** Unix milliseconds by which the answer must be there; Infinity when the caller set none. */
  readonly deadline: number;
  /** Verified service that called; unset on HTTP borders and in background work. */
  caller?: ServiceName;
  /** Verified principal. */
  actor?: Actor;
  /** Ends when the caller went away or its deadline passed. */
  readonly signal?: AbortSignal;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` (and everything it starts) inside `context`. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs `work` outside any request: background work started by a request must not inherit its deadline or principal. */
export function runDetached<T>(work: () => T): T {
  return storage.exit(work);
}

/** Context of the current request, if there is one. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Principal of the current request. @throws InterlockError FORBIDDEN when the call was made for nobody. */
export function requireActor(): Actor {
  const actor = storage.getStore()?.actor;
  if (actor === undefined) throw new InterlockError("FORBIDDEN", "this call must be made on behalf of a user or agent");
  return actor;
}

/** Verified service that made the current call. @throws InterlockError UNAUTHENTICATED outside a verified call. */
export function requireCaller(): ServiceName {
  const caller = storage.getStore()?.caller;
  if (caller === undefined) throw new InterlockError("UNAUTHENTICATED", "no verified caller");
  return caller;
}
