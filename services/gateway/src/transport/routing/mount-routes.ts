import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { requireCell } from "#platform/degradation/require-cell.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Condition } from "#platform/health/condition.js";
import type { Backends } from "../../application/backends.js";
import type { Principal } from "../../application/principal.js";
import { SharedIntrospection } from "../../application/shared-introspection.js";
import { allowedMethods } from "./allowed-methods.js";
import type { RateLimits } from "./rate-limits.js";
import type { Answer, Route } from "./route.js";
import { scopeByAccount } from "./scope-by-account.js";
import { presentedCredential, SESSION_COOKIE, walletAuth } from "./wallet-auth.js";

export interface MountOptions {
  readonly backends: Backends;
  readonly limits: RateLimits;
  /** Conditions that hold now, as this process sees them. */
  readonly held: () => ReadonlySet<Condition>;
}

type Reply = Pick<FastifyReply, "header" | "status" | "type" | "send" | "setCookie" | "clearCookie">;

/**
 * Puts the table of routes on the server. The order is the same for every route and stands only here:
 * limit per IP -> walletAuth -> limit per credential -> (body is read) -> scopeByAccount -> limit per account -> ladder -> schema -> handler.
 */
export function mountRoutes(fastify: FastifyInstance, routes: readonly Route[], { backends, limits, held }: MountOptions): void {
  closeStaticPaths(fastify, routes);
  const introspection = new SharedIntrospection(backends);
  const principals = new WeakMap<FastifyRequest, Principal>();
  for (const route of routes) {
    fastify.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      async onRequest(request) {
        limits.takeIp(request.ip);
        if (route.guard === "public") return;
        const principal = await walletAuth(route, request, presentedCredential(request), introspection);
        limits.takeCredential(principal.actor.sub);
        principals.set(request, principal);
      },
      async handler(request, reply) {
        const principal = principals.get(request);
        if (principal !== undefined) {
          const key = scopeByAccount(route.scope, request, principal);
          limits.takeAccount(key ?? principal.actor.accounts[0] ?? principal.actor.sub);
        }
        if (route.serves !== undefined) requireCell(route.serves, held());
        if (route.body === undefined && request.body !== undefined) throw bodyNotWanted();
        const call = { backends, request, idempotencyKey: idempotencyKey(route, request), signal: endOf(reply.raw, backends.stopping) };
        return answer(reply, await route.run(call, principal));
      },
    });
  }
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Answers 405 where a static path would otherwise fall through to a pattern with other methods: GET of /grant is no GET of {id}. */
function closeStaticPaths(fastify: FastifyInstance, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path).filter((candidate) => !candidate.includes("{")))) {
    const allowed = allowedMethods(routes, path);
    const method = METHODS.filter((candidate) => !allowed.includes(candidate));
    fastify.route({
      method,
      url: path,
      onRequest: async (request, reply) => {
        reply.header("allow", allowed.join(", "));
        throw new InterlockError("METHOD_NOT_ALLOWED", `${request.method}: only ${allowed.join(", ")} here`);
      },
      handler: async () => undefined,
    });
  }
}

function answer(reply: Reply, { status, body, headers, cookie, stream }: Answer): unknown {
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value);
  const attributes = { path: "/", secure: true, httpOnly: true, sameSite: "strict" as const };
  if (cookie === "") reply.clearCookie(SESSION_COOKIE, attributes);
  else if (cookie !== undefined) reply.setCookie(SESSION_COOKIE, cookie, attributes);
  reply.status(status);
  if (stream !== undefined) return reply.type(stream.contentType).send(stream.source);
  if (body === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(body));
}

const KEY = /^[\x21-\x7e]{1,200}$/;

/** @throws InterlockError IDEMPOTENCY_KEY_MISSING, VALIDATION_FAILED */
function idempotencyKey(route: Route, request: FastifyRequest): string {
  if (route.idempotencyKey === undefined) return "";
  const key = request.headers["idempotency-key"];
  if (key === undefined || key === "") {
    if (route.idempotencyKey === "optional") return "";
    throw new InterlockError("IDEMPOTENCY_KEY_MISSING", "Idempotency-Key: is required, 1 to 200 visible characters");
  }
  if (typeof key === "string" && KEY.test(key)) return key;
  throw new InterlockError("VALIDATION_FAILED", "Idempotency-Key: must be 1 to 200 visible ASCII characters", {
    details: { field: "header.idempotency-key", rule: KEY.source, value: String(key).slice(0, 100) },
  });
}

/** Ends with the answer (sent, or nobody there to take it) or with the process. */
function endOf(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}

function bodyNotWanted(): InterlockError {
  return new InterlockError("VALIDATION_FAILED", "body: this route takes none", {
    details: { field: "body", rule: "absent", value: "present" },
  });
}
