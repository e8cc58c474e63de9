import { buildOpenApi } from "../../openapi/build-openapi.js";
import type { Route } from "../routing/route.js";
import { auditRoutes } from "./audit.routes.js";
import { authRoutes } from "./auth.routes.js";
import { executionRoutes } from "./execution.routes.js";
import { grantRoutes } from "./grant.routes.js";
import { policyRoutes } from "./policy.routes.js";
import { serviceRoutes } from "./service.routes.js";
import { sessionRoutes } from "./session.routes.js";

/** Every route of the public API: what is not here is 404. */
export const ROUTES: readonly Route[] = [
  ...authRoutes,
  ...grantRoutes,
  ...sessionRoutes,
  ...executionRoutes,
  ...policyRoutes,
  ...auditRoutes,
  ...serviceRoutes(() => openApi()),
];

let built: unknown;

/** The OpenAPI document of the table, built once. */
export function openApi(): unknown {
  built ??= buildOpenApi(ROUTES);
  return built;
}
