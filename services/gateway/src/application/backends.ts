import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { AuditServiceClient } from "#proto/interlock/audit/v1/audit.js";
import type { AuthServiceClient } from "#proto/interlock/auth/v1/auth.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { RelayServiceClient } from "#proto/interlock/relay/v1/relay.js";
import type { ServiceStatus } from "./service-status.js";

/** Everything a route may call. The gateway has no data of its own. */
export interface Backends {
  readonly auth: GrpcClient<AuthServiceClient>;
  readonly permissions: GrpcClient<PermissionsServiceClient>;
  readonly policy: GrpcClient<PolicyServiceClient>;
  readonly relay: GrpcClient<RelayServiceClient>;
  readonly audit: GrpcClient<AuditServiceClient>;
  readonly status: ServiceStatus;
  /** Ends when the process stops: open event streams end with it. */
  readonly stopping: AbortSignal;
}
