import type { Actor } from "#platform/event-store/types.js";
import type { Session } from "../domain/session-state.js";
import { accountOf } from "./session-access.js";
import type { CommandOrigin } from "./session-stream.js";

/** Origin of a command about `state`; everything of one execution shares its id. */
export function originOf(state: Session, actor: Actor, correlationId = state.key.sessionId): CommandOrigin {
  return { actor, correlationId, partitionKey: accountOf(state) };
}
