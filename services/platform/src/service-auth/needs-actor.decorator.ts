import { SetMetadata } from "@nestjs/common";
import type { ActorKind } from "./actor.js";

export const NEEDS_ACTOR_KEY = "interlock:needs-actor";

/** The token's `act` must be present and of one of `kinds`: the RPC serves a principal, not the calling service itself. */
export const NeedsActor = (...kinds: readonly ActorKind[]): MethodDecorator & ClassDecorator => SetMetadata(NEEDS_ACTOR_KEY, kinds);
