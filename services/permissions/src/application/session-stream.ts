import type { Actor } from "#platform/event-store/types.js";
import type { SessionCommand } from "../domain/session-command.js";
import type { SessionEvent } from "../domain/session-events.js";
import type { SessionState } from "../domain/session-state.js";

/** Who commands, and what one thing the events belong to. */
export interface CommandOrigin {
  readonly actor: Actor;
  /** Execution id of a USE and all that follows it; else the session id. */
  readonly correlationId: string;
  /** `chainId:account`. */
  readonly partitionKey: string;
}

export interface StreamPosition {
  readonly state: SessionState;
  /** Version of the last event; 0 for a stream that does not exist. */
  readonly version: number;
}

export interface CommandResult extends StreamPosition {
  /** Events of this command; empty when it was so already. */
  readonly events: readonly SessionEvent[];
}

/** The session streams: the only way to change a session. */
export interface SessionStream {
  /** The session as its stream says now. @throws InterlockError DEPENDENCY_UNAVAILABLE when the store is away */
  load(sessionId: string): Promise<StreamPosition>;
  /** The session as last seen by this process, with no look at the store: for stopping while it is away. */
  lastSeen(sessionId: string): StreamPosition | undefined;
  /**
   * Decides `command` and appends what it comes to. `urgent` commands overtake those that wait for the same stream.
   * @throws InterlockError with the refusal's code; DEPENDENCY_UNAVAILABLE when the store is away; RESOURCE_EXHAUSTED when too many wait
   */
  run(sessionId: string, command: SessionCommand, origin: CommandOrigin, options?: { readonly urgent?: boolean }): Promise<CommandResult>;
}
