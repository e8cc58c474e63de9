import { Readable } from "node:stream";
import { z } from "zod";
import { executionFrames } from "../../application/execution-stream.js";
import { withHeartbeat } from "../../application/heartbeat.js";
import { fingerprintOf } from "../../domain/fingerprint.js";
import { lastEventId } from "../routing/last-event-id.js";
import { guardedRoute, type Route } from "../routing/route.js";
import { chainView } from "../routing/views.js";
import { action } from "../schemas/action.js";
import { execution } from "../schemas/answers.js";
import { cursor, limit, uuid } from "../schemas/fields.js";
import { toAction } from "./action-message.js";

const shared = { tag: "executions", guard: "owner-or-agent", scope: "own", addsNoAuthority: true } as const;
const id = z.strictObject({ id: uuid });

function executionView({ replayed: _header, ...shown }: { readonly chainId: string; readonly replayed: boolean }): Record<string, unknown> {
  return chainView(shown);
}

/** Using a session. */
export const executionRoutes: readonly Route[] = [
  guardedRoute({
    ...shared,
    scope: "session-in-body",
    addsNoAuthority: false,
    operationId: "execute",
    method: "POST",
    path: "/v1/executions",
    summary: "Ask a session to do something; follow the Location for what became of it",
    idempotencyKey: "required",
    body: z.strictObject({ sessionId: uuid, action }),
    answers: {
      202: {
        description: "Accepted; decided and sent from now on",
        schema: execution,
        headers: { Location: "The execution", "Idempotency-Replayed": "true when this is the stored answer to an earlier request" },
      },
    },
    refusals: [404, 409, 422],
    async handle({ backends, body, idempotencyKey, principal: { actor } }) {
      const request = { sessionId: body.sessionId, action: toAction(body.action), idempotencyKey, fingerprint: fingerprintOf(body) };
      const accepted = await backends.relay.execute(request, { act: actor });
      const location = `/v1/executions/${accepted.executionId}`;
      const replayed = accepted.replayed ? { "idempotency-replayed": "true" } : {};
      return { status: 202, body: executionView(accepted), headers: { location, ...replayed } };
    },
  }),
  guardedRoute({
    ...shared,
    operationId: "listExecutions",
    method: "GET",
    path: "/v1/executions",
    summary: "Executions of the caller's accounts, newest first",
    query: z.strictObject({ sessionId: uuid.optional(), cursor: cursor.optional(), limit: limit.optional() }),
    answers: { 200: { description: "A page", schema: z.object({ executions: z.array(execution), nextCursor: z.string().optional() }) } },
    refusals: [404],
    async handle({ backends, query, principal: { actor } }) {
      const page = { cursor: query.cursor ?? "", limit: Number(query.limit ?? 50) };
      const { executions, nextCursor } = await backends.relay.listExecutions({ sessionId: query.sessionId ?? "", page }, { act: actor });
      return { status: 200, body: { executions: executions.map(executionView), ...(nextCursor === "" ? {} : { nextCursor }) } };
    },
  }),
  guardedRoute({
    ...shared,
    operationId: "getExecution",
    method: "GET",
    path: "/v1/executions/{id}",
    summary: "One execution: its state, reasons, attempts and transitions",
    params: id,
    answers: { 200: { description: "The execution", schema: execution } },
    refusals: [404],
    handle: async ({ backends, params, principal: { actor } }) => ({
      status: 200,
      body: executionView(await backends.relay.getExecution({ executionId: params.id }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...shared,
    operationId: "cancelExecution",
    method: "POST",
    path: "/v1/executions/{id}/cancel",
    summary: "Cancel an execution that has not been mined",
    params: id,
    answers: { 202: { description: "Being cancelled, or cancelled", schema: execution } },
    refusals: [404, 409],
    handle: async ({ backends, params, principal: { actor } }) => ({
      status: 202,
      body: executionView(await backends.relay.cancelExecution({ executionId: params.id }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...shared,
    operationId: "watchExecution",
    method: "GET",
    path: "/v1/executions/{id}/events",
    summary: "Transitions as server-sent events; Last-Event-ID resumes, heartbeat every 15 s, ends with the execution",
    params: id,
    answers: { 200: { description: "The stream", contentTypes: ["text/event-stream"] } },
    refusals: [404, 406],
    async handle({ backends, params, request, signal, principal: { actor } }) {
      const after = lastEventId(request.headers) ?? 0n;
      const first = await backends.relay.getExecution({ executionId: params.id }, { act: actor });
      const frames = executionFrames(backends, actor, first, Number(after), signal);
      return { status: 200, stream: { contentType: "text/event-stream", source: Readable.from(withHeartbeat(frames, signal)) } };
    },
  }),
];
