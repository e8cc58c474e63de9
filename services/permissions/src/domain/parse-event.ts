import { InterlockError } from "#platform/errors/interlock-error.js";
import { SESSION_EVENTS, type SessionEvent, type SessionEventType } from "./session-events.js";

/** True for a type this version of the service knows. */
export function isSessionEventType(type: string): type is SessionEventType {
  return Object.hasOwn(SESSION_EVENTS, type);
}

/**
 * An event of the stream as its type's shape; undefined for a type of a later version, which is carried but not understood.
 * @throws InterlockError INTERNAL when the data of a known type has another shape: the stream is damaged, nothing may be decided on it.
 */
export function parseSessionEvent(event: { readonly type: string; readonly data: unknown }): SessionEvent | undefined {
  if (!isSessionEventType(event.type)) return undefined;
  const parsed = SESSION_EVENTS[event.type].safeParse(event.data);
  if (!parsed.success)
    throw new InterlockError("INTERNAL", `a stored ${event.type} has not the shape of its type`, { cause: parsed.error });
  return { type: event.type, data: parsed.data } as SessionEvent;
}
