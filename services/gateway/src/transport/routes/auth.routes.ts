import { z } from "zod";
import { guardedRoute, publicRoute, type Route } from "../routing/route.js";
import { chainView, view } from "../routing/views.js";
import { principal, tokens } from "../schemas/answers.js";
import { address, chainId, hexBytes, time, uuid } from "../schemas/fields.js";

const tag = "auth";
const opaque = z.string().regex(/^[A-Za-z0-9_-]{20,200}$/, "must be a token we issued");
const message = z.string().min(1).max(4_000);
const own = { scope: "own", addsNoAuthority: true, tag } as const;

const login = z.object({
  status: z.enum(["complete", "collecting"]),
  collected: z.int(),
  needed: z.int(),
  principal: principal.optional(),
  tokens: tokens.optional(),
  csrfToken: z.string().optional(),
});

/** Sign-in, its end, linked accounts and agents' credentials. */
export const authRoutes: readonly Route[] = [
  publicRoute({
    ...own,
    operationId: "createNonce",
    method: "GET",
    path: "/v1/auth/nonce",
    summary: "A nonce for a sign-in message (EIP-4361): five minutes, one use",
    answers: { 200: { description: "The nonce", schema: z.object({ nonce: z.string(), expiresAt: time }) } },
    handle: async ({ backends }) => ({ status: 200, body: view(await backends.auth.createNonce({}, { act: null })) }),
  }),
  publicRoute({
    ...own,
    operationId: "verifyLogin",
    method: "POST",
    path: "/v1/auth/verify",
    summary: "Sign in with a signed message; for an m-of-n Safe, add one owner's signature",
    body: z.strictObject({
      message,
      signature: hexBytes(8_192),
      owner: address.optional().describe("m-of-n Safe: whose signature over the SafeMessage this is"),
      mode: z.enum(["web", "token"]).default("token"),
    }),
    answers: {
      200: { description: "Signed in", schema: login },
      202: { description: "More owners have to sign", schema: login },
    },
    refusals: [401],
    async handle({ backends, body }) {
      const done = await backends.auth.verifyLogin({ ...body, owner: body.owner ?? "" }, { act: null });
      const { webSession, principal: who, ...rest } = done;
      const shown = { ...view(rest), ...(who === undefined ? {} : { principal: chainView(who) }) };
      return { status: done.status === "complete" ? 200 : 202, body: shown, ...(webSession === "" ? {} : { cookie: webSession }) };
    },
  }),
  publicRoute({
    ...own,
    operationId: "refresh",
    method: "POST",
    path: "/v1/auth/refresh",
    summary: "Exchange a refresh token for new tokens; using one twice ends the login",
    body: z.strictObject({ refreshToken: opaque }),
    answers: { 200: { description: "New tokens", schema: tokens } },
    refusals: [401],
    handle: async ({ backends, body }) => ({ status: 200, body: view(await backends.auth.refresh(body, { act: null })) }),
  }),
  guardedRoute({
    ...own,
    guard: "owner-or-agent",
    operationId: "logout",
    method: "POST",
    path: "/v1/auth/logout",
    summary: "End the login at once",
    answers: { 204: { description: "Ended" } },
    async handle({ backends, principal: { credential } }) {
      await backends.auth.logout({ credential: credential.value }, { act: null });
      return { status: 204, cookie: "" };
    },
  }),
  guardedRoute({
    ...own,
    guard: "owner-or-agent",
    operationId: "currentSession",
    method: "GET",
    path: "/v1/auth/session",
    summary: "Who is signed in, and for which accounts",
    answers: { 200: { description: "The principal", schema: principal } },
    handle: async ({ principal: who }) => ({ status: 200, body: chainView(who.message) }),
  }),
  guardedRoute({
    ...own,
    addsNoAuthority: false,
    guard: "owner",
    operationId: "linkAccount",
    method: "POST",
    path: "/v1/auth/accounts",
    summary: "Link a Safe this wallet owns, verified on chain",
    body: z.strictObject({ account: address, chainId }),
    answers: { 200: { description: "The principal with the account", schema: principal } },
    refusals: [404],
    async handle({ backends, body, principal: { credential, actor } }) {
      const request = { credential: credential.value, kind: credential.kind, account: body.account, chainId: String(body.chainId) };
      return { status: 200, body: chainView(await backends.auth.linkAccount(request, { act: actor })) };
    },
  }),
  guardedRoute({
    tag,
    scope: "session-in-body",
    addsNoAuthority: false,
    guard: "owner",
    operationId: "registerAgent",
    method: "POST",
    path: "/v1/auth/agents",
    summary: "Register an agent's Ed25519 public key for one session",
    body: z.strictObject({
      sessionId: uuid,
      publicJwk: z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
      label: z
        .string()
        .regex(/^[A-Za-z0-9 ._:@/-]{1,64}$/, "must be 1 to 64 letters, digits, blanks or . _ : @ / -")
        .default("agent"),
    }),
    answers: {
      201: {
        description: "The credential; its id is iss and sub of assertions",
        schema: z.object({ credentialId: uuid, sessionId: uuid, account: z.string(), label: z.string(), createdAt: time }),
      },
    },
    refusals: [404],
    async handle({ backends, body, principal: { actor } }) {
      // The session's account is read where sessions live: a foreign session is 404 there.
      const { account, chainId: chain } = await backends.permissions.getSession({ sessionId: body.sessionId }, { act: actor });
      const publicJwk = JSON.stringify(body.publicJwk);
      const request = { sessionId: body.sessionId, account, chainId: chain, publicJwk, label: body.label };
      return { status: 201, body: view(await backends.auth.registerAgent(request, { act: actor })) };
    },
  }),
  guardedRoute({
    ...own,
    guard: "owner",
    operationId: "revokeAgent",
    method: "DELETE",
    path: "/v1/auth/agents/{id}",
    summary: "Withdraw an agent's credential at once",
    params: z.strictObject({ id: uuid }),
    answers: { 204: { description: "Withdrawn" } },
    refusals: [404],
    async handle({ backends, params, principal: { actor } }) {
      await backends.auth.revokeAgent({ credentialId: params.id }, { act: actor });
      return { status: 204 };
    },
  }),
  guardedRoute({
    ...own,
    guard: "owner",
    operationId: "erasePersonalData",
    method: "DELETE",
    path: "/v1/auth/personal-data",
    summary:
      "Destroy the key of your personal data in the audit log: what was sealed with it says nothing any more, and the log still verifies",
    answers: { 200: { description: "Done; told on the log as audit.subject_erased.v1", schema: z.object({ keysDestroyed: z.number() }) } },
    handle: async ({ backends, principal: { actor, message: who } }) => ({
      status: 200,
      body: view(await backends.auth.erasePersonalData({ chainId: who.chainId }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...own,
    guard: "owner",
    operationId: "markOf",
    method: "POST",
    path: "/v1/auth/marks",
    summary: "What events say instead of a nonce or token that you hold: with it you find them in the log",
    body: z.strictObject({ kind: z.enum(["nonce", "token"]), value: z.string().min(8).max(512) }),
    answers: { 200: { description: "The mark", schema: z.object({ mark: z.string() }) } },
    refusals: [404],
    handle: async ({ backends, body, principal: { actor } }) => ({
      status: 200,
      body: view(await backends.auth.markOf(body, { act: actor })),
    }),
  }),
  publicRoute({
    ...own,
    operationId: "agentToken",
    method: "POST",
    path: "/v1/auth/agent/token",
    summary: "Exchange a private_key_jwt assertion (RFC 7523) for a 5-minute access token",
    body: z.strictObject({
      assertion: z
        .string()
        .max(4_000)
        .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, "must be a compact JWS"),
    }),
    answers: { 200: { description: "The access token", schema: tokens } },
    refusals: [401],
    handle: async ({ backends, body }) => ({ status: 200, body: view(await backends.auth.agentToken(body, { act: null })) }),
  }),
];
