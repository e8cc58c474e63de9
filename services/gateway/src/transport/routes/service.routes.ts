import { z } from "zod";
import { publicRoute, type Route } from "../routing/route.js";

const condition = z.object({ condition: z.string(), since: z.string(), reasons: z.array(z.string()) });
const capability = z.object({ name: z.string(), available: z.boolean(), because: z.array(z.string()) });

const status = z.object({
  status: z.enum(["ok", "degraded"]),
  services: z.array(
    z.object({ name: z.string(), reachable: z.boolean(), conditions: z.array(condition), capabilities: z.array(capability) }),
  ),
});

const shared = { tag: "service", scope: "own", addsNoAuthority: true, method: "GET" } as const;

/** About the service itself. `document` gives the OpenAPI file these routes are part of. */
export function serviceRoutes(document: () => unknown): readonly Route[] {
  return [
    publicRoute({
      ...shared,
      operationId: "status",
      path: "/v1/status",
      summary: "Conditions and capabilities of every service",
      answers: { 200: { description: "What holds now", schema: status } },
      async handle({ backends }) {
        const services = backends.status.current();
        const ok = services.every((service) => service.reachable && service.conditions.length === 0);
        return { status: 200, body: { status: ok ? "ok" : "degraded", services } };
      },
    }),
    publicRoute({
      ...shared,
      operationId: "openapi",
      path: "/openapi.json",
      summary: "This API as OpenAPI 3.1",
      answers: { 200: { description: "The document", schema: z.record(z.string(), z.unknown()) } },
      handle: async () => ({ status: 200, body: document() }),
    }),
  ];
}
