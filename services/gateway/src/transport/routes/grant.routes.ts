import { z } from "zod";
import { canonicalJson } from "#platform/kernel/json.js";
import { guardedRoute, type Route } from "../routing/route.js";
import { chainView } from "../routing/views.js";
import { grantDraft, session } from "../schemas/answers.js";
import { address, chainId, hash32, hexBytes, uuid } from "../schemas/fields.js";

const shared = { tag: "sessions", guard: "owner", addsNoAuthority: false } as const;
const draftView = (draft: { readonly chainId: string }) => chainView(draft, ["document", "safeMessage"]);

/** From a draft to an armed session. */
export const grantRoutes: readonly Route[] = [
  guardedRoute({
    ...shared,
    scope: "account-in-body",
    operationId: "draftGrant",
    method: "POST",
    path: "/v1/session_keys/grant",
    serves: "arm",
    summary: "Draft a grant: makes the session's key, compiles the policy, says what the owners have to sign",
    idempotencyKey: "optional",
    body: z.strictObject({
      account: address,
      chainId,
      document: z.record(z.string().max(100), z.json()).describe("session-policy/v1; see GET /v1/policies/schema"),
      preset: z.enum(["1h", "24h", "7d"]).optional().describe("Fills in notBefore and notAfter"),
    }),
    answers: { 201: { description: "The draft", schema: grantDraft, headers: { Location: "The session" } } },
    refusals: [404, 409, 422],
    async handle({ backends, body, idempotencyKey, principal: { actor } }) {
      const draft = await backends.permissions.draftGrant(
        {
          account: body.account,
          chainId: String(body.chainId),
          document: canonicalJson(body.document),
          preset: body.preset ?? "",
          idempotencyKey,
        },
        { act: actor },
      );
      return { status: 201, body: draftView(draft), headers: { location: `/v1/session_keys/${draft.sessionId}` } };
    },
  }),
  guardedRoute({
    ...shared,
    scope: "session-in-path",
    operationId: "addGrantSignature",
    method: "POST",
    path: "/v1/session_keys/{id}/signatures",
    serves: "arm",
    summary: "Add one owner's signature over the draft's safeMessageHash",
    params: z.strictObject({ id: uuid }),
    body: z.strictObject({ owner: address, signature: hexBytes(65) }),
    answers: { 200: { description: "The draft; with armWithSigCalldata once the threshold is reached", schema: grantDraft } },
    refusals: [404, 409, 422],
    handle: async ({ backends, params, body, principal: { actor } }) => ({
      status: 200,
      body: draftView(await backends.permissions.addGrantSignature({ sessionId: params.id, ...body }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...shared,
    scope: "session-in-body",
    operationId: "confirmGrant",
    method: "POST",
    path: "/v1/session_keys/grant/confirm",
    summary: "Confirm a grant: the policy is recompiled and compared with the chain; the client is not believed",
    body: z.strictObject({ sessionId: uuid, transactionHash: hash32, signatures: hexBytes(65 * 64).optional() }),
    answers: { 200: { description: "The armed session", schema: session } },
    refusals: [404, 409, 422],
    handle: async ({ backends, body, principal: { actor } }) => ({
      status: 200,
      body: sessionView(await backends.permissions.confirmGrant({ ...body, signatures: body.signatures ?? "" }, { act: actor })),
    }),
  }),
  guardedRoute({
    ...shared,
    scope: "session-in-path",
    operationId: "sponsorArm",
    method: "POST",
    path: "/v1/session_keys/{id}/sponsor-arm",
    summary: "Have the relayer submit the owners' armWithSig, so that no owner needs gas",
    params: z.strictObject({ id: uuid }),
    body: z.strictObject({ calldata: hexBytes(32_768) }),
    answers: { 202: { description: "Submitted", schema: z.object({ transactionHash: z.string() }) } },
    refusals: [404, 409, 422],
    async handle({ backends, params, body, principal: { actor } }) {
      const { account, chainId: chain } = await backends.permissions.getSession({ sessionId: params.id }, { act: actor });
      const request = { sessionId: params.id, account, chainId: chain, calldata: body.calldata };
      return { status: 202, body: await backends.relay.sponsorArm(request, { act: actor, deadlineMs: 15_000 }) };
    },
  }),
];

/** A session as the API shows it; the reference of its key inside the vault is nobody's business. */
export function sessionView({
  keyRef: _internal,
  ...shown
}: {
  readonly chainId: string;
  readonly keyRef: string;
}): Record<string, unknown> {
  return chainView(shown, ["document"]);
}
