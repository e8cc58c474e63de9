import { z } from "zod";
import { guardedRoute, type Route } from "../routing/route.js";
import { view } from "../routing/views.js";
import { action } from "../schemas/action.js";
import { decisionRecord, safeTransaction, session } from "../schemas/answers.js";
import { address, cursor, hash32, limit, text, uuid } from "../schemas/fields.js";
import { toAction } from "./action-message.js";
import { sessionView } from "./grant.routes.js";

const read = { tag: "sessions", guard: "owner-or-agent", addsNoAuthority: true } as const;
const id = z.strictObject({ id: uuid });

const usage = z.object({
  tokens: z.array(
    z.object({ token: z.string(), perOp: z.string(), perPeriod: z.string(), left: z.string(), resetsAt: z.string().optional() }),
  ),
  maxOps: z.int(),
  opsLeft: z.int(),
  nextOpAt: z.string().optional(),
});

/** Looking at sessions, and ending them. */
export const sessionRoutes: readonly Route[] = [
  guardedRoute({
    ...read,
    scope: "session-in-body",
    operationId: "revoke",
    method: "POST",
    path: "/v1/session_keys/revoke",
    summary: "DISARM at once; returns what the owner can send to end the session on chain too",
    body: z.strictObject({ sessionId: uuid, reason: text(200).optional() }),
    answers: Object.fromEntries(
      [200, 202].map((status) => [
        status,
        {
          description: status === 200 ? "Disarmed and fenced" : "Disarmed; the vault is fenced as soon as it is back",
          schema: z.object({
            fence: z.enum(["done", "pending"]),
            session: session.optional(),
            to: z.string().optional(),
            calldata: z.string().optional(),
            safeTransaction: safeTransaction.optional(),
          }),
        },
      ]),
    ),
    refusals: [404, 409],
    async handle({ backends, body, principal: { actor } }) {
      const request = { sessionId: body.sessionId, reason: body.reason ?? "" };
      const { session: ended, ...rest } = await backends.permissions.revoke(request, { act: actor });
      const shown = { ...view(rest), ...(ended === undefined ? {} : { session: sessionView(ended) }) };
      return { status: rest.fence === "pending" ? 202 : 200, body: shown };
    },
  }),
  guardedRoute({
    ...read,
    guard: "owner",
    scope: "session-in-body",
    operationId: "confirmRevoke",
    method: "POST",
    path: "/v1/session_keys/revoke/confirm",
    summary: "Note the revocation on chain, read from the chain",
    body: z.strictObject({ sessionId: uuid, transactionHash: hash32 }),
    answers: { 200: { description: "The session", schema: session } },
    refusals: [404, 409, 422],
    handle: async ({ backends, body, principal: { actor } }) => ({
      status: 200,
      body: sessionView(await backends.permissions.confirmRevoke(body, { act: actor })),
    }),
  }),
  guardedRoute({
    ...read,
    scope: "owner-in-path",
    operationId: "listSessions",
    method: "GET",
    path: "/v1/session_keys/list/{owner}",
    summary: "Sessions of an owner's or account's, newest first",
    params: z.strictObject({ owner: address }),
    query: z.strictObject({ account: address.optional(), cursor: cursor.optional(), limit: limit.optional() }),
    answers: { 200: { description: "A page", schema: z.object({ sessions: z.array(session), nextCursor: z.string().optional() }) } },
    refusals: [404],
    async handle({ backends, params, query, principal: { actor } }) {
      const page = { cursor: query.cursor ?? "", limit: Number(query.limit ?? 50) };
      const request = { owner: params.owner, account: query.account ?? "", page };
      const { sessions, nextCursor } = await backends.permissions.listSessions(request, { act: actor });
      return { status: 200, body: { sessions: sessions.map(sessionView), ...(nextCursor === "" ? {} : { nextCursor }) } };
    },
  }),
  guardedRoute({
    ...read,
    scope: "session-in-body",
    operationId: "validate",
    method: "POST",
    path: "/v1/session_keys/validate",
    summary: "Dry run of an action with every reason; reserves nothing",
    body: z.strictObject({ sessionId: uuid, action }),
    answers: { 200: { description: "The decision", schema: z.object({ allowed: z.boolean(), record: decisionRecord.optional() }) } },
    refusals: [404, 409, 422],
    handle: async ({ backends, body, principal: { actor } }) => ({
      status: 200,
      body: view(await backends.permissions.validate({ sessionId: body.sessionId, action: toAction(body.action) }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...read,
    scope: "session-in-path",
    operationId: "getSession",
    method: "GET",
    path: "/v1/session_keys/{id}",
    summary: "One session",
    params: id,
    answers: { 200: { description: "The session", schema: session } },
    refusals: [404],
    handle: async ({ backends, params, principal: { actor } }) => ({
      status: 200,
      body: sessionView(await backends.permissions.getSession({ sessionId: params.id }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...read,
    scope: "session-in-path",
    operationId: "getUsage",
    method: "GET",
    path: "/v1/session_keys/{id}/usage",
    summary: "Budgets and operations left, with their reset times",
    params: id,
    answers: { 200: { description: "What is left", schema: usage } },
    refusals: [404, 409],
    handle: async ({ backends, params, principal: { actor } }) => ({
      status: 200,
      body: view(await backends.permissions.getUsage({ sessionId: params.id }, { act: actor })),
    }),
  }),
];
