import { Metadata } from "@grpc/grpc-js";
import type { CanActivate, ExecutionContext } from "@nestjs/common";
import { InterlockError } from "../errors/interlock-error.js";
import { bearerToken } from "../grpc/metadata-headers.js";
import { currentContext } from "../grpc/request-context.js";
import { type RpcRules, rpcRules } from "./rpc-rules.js";
import type { ServiceTokenVerifier, VerifiedCaller } from "./service-token-verifier.js";
import type { SingleUseStore } from "./single-use.js";

/** Metadata key under which Nest keeps whether a handler answers a message or takes an event. */
const HANDLER_TYPE_KEY = "microservices:handler_type";
const EVENT_HANDLER = 2;

function assertAllowed(rules: RpcRules, { caller, actor }: VerifiedCaller): void {
  if (!rules.callers.includes(caller)) throw new InterlockError("FORBIDDEN", `${caller} may not make this call`);
  if (rules.actorKinds.length === 0) return;
  if (actor === undefined) throw new InterlockError("FORBIDDEN", "this call must be made on behalf of a user or agent");
  if (!rules.actorKinds.includes(actor.kind)) throw new InterlockError("FORBIDDEN", `${actor.kind} may not make this call`);
}

/** In front of every RPC: a live service token of a caller the handler names. A handler that names nobody is closed to everybody. */
export class ServiceAuthGuard implements CanActivate {
  constructor(
    private readonly verifier: ServiceTokenVerifier,
    private readonly used: SingleUseStore,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    // Events come from the log this process reads with its own credentials, not from a caller.
    if (Reflect.getMetadata(HANDLER_TYPE_KEY, execution.getHandler()) === EVENT_HANDLER) return true;
    const metadata: unknown = execution.getArgByIndex(1);
    const token = metadata instanceof Metadata ? bearerToken(metadata) : undefined;
    if (token === undefined) throw new InterlockError("UNAUTHENTICATED", "service token: is required");
    const verified = await this.verifier.verify(token);
    const rules = rpcRules(handlerOf(execution.getHandler()), handlerOf(execution.getClass()));
    assertAllowed(rules, verified);
    if (rules.singleUse && !(await this.used.consume(verified.jti, verified.expiresAt))) {
      throw new InterlockError("TOKEN_REPLAYED", "service token: was used before");
    }
    const request = currentContext();
    if (request === undefined) throw new InterlockError("INTERNAL", "no request context: the server interceptor is missing");
    request.caller = verified.caller;
    if (verified.actor !== undefined) request.actor = verified.actor;
    return true;
  }
}

type Annotated = (...args: never[]) => unknown;

/** Nest types handlers and classes as bare `Function`. */
function handlerOf(value: unknown): Annotated {
  if (typeof value !== "function") throw new InterlockError("INTERNAL", "not a handler");
  return value as Annotated;
}
