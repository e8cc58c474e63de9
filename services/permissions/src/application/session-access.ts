import { parseSessionId } from "#platform/kernel/ids.js";
import { isSession, type Session } from "../domain/session-state.js";
import { currentScope } from "./caller.js";
import { sessionNotFound } from "./not-found.js";
import type { Scope } from "./session-index.js";
import type { SessionStream } from "./session-stream.js";

/** A session the caller may see, as its stream says now. */
export interface VisibleSession {
  readonly state: Session;
  readonly version: number;
}

/** `chainId:account` of a session: its partition key on the log, and what a principal's accounts are compared with. */
export function accountOf(state: Session): string {
  return `${state.key.chainId}:${state.key.account}`;
}

/** True when `scope` covers the session. */
export function covers(scope: Scope, state: Session): boolean {
  if (scope === "all") return true;
  if (scope.sessionId !== undefined && scope.sessionId !== state.key.sessionId) return false;
  return scope.accounts.includes(accountOf(state));
}

/**
 * As `visibleSession`, but as this process saw the session last, when it was armed then: another replica may have moved on. Good for what
 * is decided again on the stream itself before it counts.
 */
export async function recentSession(stream: SessionStream, id: string): Promise<VisibleSession> {
  const seen = stream.lastSeen(parseSessionId(id));
  if (seen === undefined || !isSession(seen.state) || seen.state.phase !== "armed") return visibleSession(stream, id);
  if (!covers(currentScope(), seen.state)) throw sessionNotFound(id);
  return { state: seen.state, version: seen.version };
}

/**
 * The session `id` for the caller of the current request.
 * @throws InterlockError VALIDATION_FAILED when the id is no UUID, NOT_FOUND when it is unknown or foreign
 */
export async function visibleSession(stream: SessionStream, id: string): Promise<VisibleSession> {
  const sessionId = parseSessionId(id);
  const { state, version } = await stream.load(sessionId);
  if (!isSession(state) || !covers(currentScope(), state)) throw sessionNotFound(sessionId);
  return { state, version };
}
