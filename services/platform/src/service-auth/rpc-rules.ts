import { ACTOR_KINDS, type ActorKind } from "./actor.js";
import { CALLERS_KEY } from "./callers.decorator.js";
import { NEEDS_ACTOR_KEY } from "./needs-actor.decorator.js";
import { isServiceName, type ServiceName } from "./service-names.js";
import { SINGLE_USE_KEY } from "./single-use-token.decorator.js";

/** Who may make one RPC. */
export interface RpcRules {
  /** Empty: nobody. */
  readonly callers: readonly ServiceName[];
  /** Empty: no principal is asked for. */
  readonly actorKinds: readonly ActorKind[];
  readonly singleUse: boolean;
}

type Annotated = (...args: never[]) => unknown;

function metadataOf(key: string, handler: Annotated, controller: Annotated): unknown {
  return Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Rules declared on the handler, or else on its controller. */
export function rpcRules(handler: Annotated, controller: Annotated): RpcRules {
  return {
    callers: listOf(metadataOf(CALLERS_KEY, handler, controller)).filter(isServiceName),
    actorKinds: ACTOR_KINDS.filter((kind) => listOf(metadataOf(NEEDS_ACTOR_KEY, handler, controller)).includes(kind)),
    singleUse: metadataOf(SINGLE_USE_KEY, handler, controller) === true,
  };
}
