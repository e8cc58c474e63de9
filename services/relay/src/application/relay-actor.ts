import type { Actor } from "#platform/event-store/types.js";

/** Who causes the events the relay appends of its own accord. */
export const RELAY_ACTOR: Actor = { type: "service", id: "relay" };

/** Who causes the events that report what the chain did. */
export const CHAIN_ACTOR: Actor = { type: "chain", id: "chain" };
