import { z } from "zod";
import { canonicalJson } from "#platform/kernel/json.js";
import { guardedRoute, publicRoute, type Route } from "../routing/route.js";
import { view } from "../routing/views.js";
import { reason } from "../schemas/answers.js";
import { policyJsonSchema } from "./policy-json-schema.js";

/** The policy language for people who write it. */
export const policyRoutes: readonly Route[] = [
  publicRoute({
    tag: "policies",
    scope: "own",
    addsNoAuthority: true,
    operationId: "policySchema",
    method: "GET",
    path: "/v1/policies/schema",
    summary: "JSON Schema of session-policy/v1",
    answers: { 200: { description: "The schema", schema: z.record(z.string(), z.unknown()) } },
    handle: async () => ({ status: 200, body: policyJsonSchema() }),
  }),
  guardedRoute({
    tag: "policies",
    scope: "own",
    addsNoAuthority: true,
    guard: "owner-or-agent",
    operationId: "lintPolicy",
    method: "POST",
    path: "/v1/policies/lint",
    summary: "Check a policy document: problems, warnings, canonical form, hash and a summary in plain English",
    body: z.strictObject({ document: z.record(z.string().max(100), z.json()) }),
    answers: {
      200: {
        description: "What was found",
        schema: z.object({
          canonical: z.string().optional(),
          policyHash: z.string().optional(),
          summary: z.string().optional(),
          problems: z.array(reason),
          warnings: z.array(reason),
        }),
      },
    },
    handle: async ({ backends, body, principal: { actor } }) => ({
      status: 200,
      body: view(await backends.policy.lint({ document: canonicalJson(body.document) }, { act: actor })),
    }),
  }),
];
