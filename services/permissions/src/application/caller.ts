import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Actor as EventActor } from "#platform/event-store/types.js";
import { currentContext, requireActor, requireCaller } from "#platform/grpc/request-context.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { Scope } from "./session-index.js";

/** What the current call may see: the principal's accounts (and only its session, for an agent); everything for a service's own call. */
export function currentScope(): Scope {
  const context = currentContext();
  if (context?.actor !== undefined) return scopeOf(context.actor);
  // The gateway has no business of its own: without a principal it may see nothing.
  if (context?.caller === "gateway") throw new InterlockError("FORBIDDEN", "this call must be made on behalf of a user or agent");
  return "all";
}

/** What a principal may see. An agent without a session sees nothing. */
export function scopeOf(actor: Actor): Scope {
  if (actor.kind !== "agent") return { accounts: actor.accounts };
  return { accounts: actor.accounts, sessionId: actor.sessionId ?? "" };
}

/** The current call's principal as events name it; the calling service when it calls for itself. */
export function eventActor(): EventActor {
  const actor = currentContext()?.actor;
  if (actor === undefined) return { type: "service", id: requireCaller() };
  const authMethod = actor.authMethod === undefined ? {} : { authMethod: actor.authMethod };
  return { type: actor.kind === "owner" ? "user" : actor.kind, id: actor.sub, ...authMethod };
}

/** The principal of a call that must have one. @throws InterlockError FORBIDDEN */
export function principal(): Actor {
  return requireActor();
}

/** This service itself, for its timers. */
export const SELF: EventActor = { type: "service", id: "permissions" };
