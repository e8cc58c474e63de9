import type { Actor as EventActor } from "#platform/event-store/types.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { Scope } from "../adapters/pg/execution-reader.js";

/** What the principal may see. */
export function scopeOf(actor: Actor): Scope {
  return { accounts: actor.accounts, sessionId: actor.sessionId };
}

/** The principal as events name it. */
export function eventActor(actor: Actor): EventActor {
  const type = actor.kind === "owner" ? "user" : actor.kind;
  return { type, id: actor.sub, ...(actor.authMethod === undefined ? {} : { authMethod: actor.authMethod }) };
}
