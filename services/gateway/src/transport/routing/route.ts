import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { LadderCapability } from "#platform/degradation/ladder.js";
import type { Backends } from "../../application/backends.js";
import type { Principal } from "../../application/principal.js";
import { parseInput } from "./parse-input.js";

/** Who may call a route: nobody is let in by default, so that every route says it. */
export type Guard = "public" | "owner" | "owner-or-agent";

/** Where the account or session stands that the request is about; `scopeByAccount` looks there. */
export type Scope = "own" | "session-in-path" | "session-in-body" | "account-in-body" | "owner-in-path";

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of the web session's cookie; "" takes it away. */
  readonly cookie?: string;
  readonly stream?: { readonly contentType: string; readonly source: Readable };
}

export interface AnswerDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Media types; default application/json. */
  readonly contentTypes?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteFacts {
  readonly operationId: string;
  readonly method: "GET" | "POST" | "DELETE";
  /** In the form of OpenAPI: `/v1/session_keys/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: "auth" | "sessions" | "executions" | "policies" | "audit" | "service";
  readonly guard: Guard;
  readonly scope: Scope;
  /** Reads and what narrows power: served while ownership cannot be read from the chain anew. */
  readonly addsNoAuthority: boolean;
  /** Capability of the ladder it is part of, where the service behind it does not see every condition that refuses that. */
  readonly serves?: LadderCapability;
  readonly idempotencyKey?: "required" | "optional";
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Statuses of refusals beyond those every route of its guard may answer. */
  readonly refusals?: readonly number[];
}

export interface Call {
  readonly backends: Backends;
  readonly request: FastifyRequest;
  readonly idempotencyKey: string;
  /** Ends when the client went away or the process stops. */
  readonly signal: AbortSignal;
}

interface Parts<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Call & {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
};

export interface Route extends RouteFacts {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** undefined: the route takes no body. */
  readonly body: z.ZodType | undefined;
  /** Parses the request and answers it; `principal` is there unless the route is public. */
  run(call: Call, principal: Principal | undefined): Promise<Answer>;
}

const nothing = z.strictObject({});
type Nothing = typeof nothing;
const noBody = z.undefined();
type NoBody = typeof noBody;

type Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Partial<Parts<P, Q, B>> & Omit<RouteFacts, "guard">;

function parsed<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Partial<Parts<P, Q, B>>,
  call: Call,
): Input<P, Q, B> {
  const { request } = call;
  return {
    ...call,
    params: parseInput(definition.params ?? nothing, request.params, "path") as z.output<P>,
    query: parseInput(definition.query ?? nothing, request.query, "query") as z.output<Q>,
    body: (definition.body === undefined ? undefined : parseInput(definition.body, request.body, "body")) as z.output<B>,
  };
}

/** A route for anybody. */
export function publicRoute<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, B extends z.ZodType = NoBody>(
  definition: Definition<P, Q, B> & { readonly handle: (input: Input<P, Q, B>) => Promise<Answer> },
): Route {
  const { handle, params = nothing, query = nothing, body, ...facts } = definition;
  return { ...facts, guard: "public", params, query, body, run: (call) => handle(parsed(definition, call)) };
}

/** A route for those who signed in; `handle` gets the principal. */
export function guardedRoute<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, B extends z.ZodType = NoBody>(
  definition: Definition<P, Q, B> & {
    readonly guard: Exclude<Guard, "public">;
    readonly handle: (input: Input<P, Q, B> & { readonly principal: Principal }) => Promise<Answer>;
  },
): Route {
  const { handle, params = nothing, query = nothing, body, ...facts } = definition;
  return {
    ...facts,
    params,
    query,
    body,
    run(call, principal) {
      if (principal === undefined) throw new Error(`${facts.operationId} was reached without a principal`);
      return handle({ ...parsed(definition, call), principal });
    },
  };
}
