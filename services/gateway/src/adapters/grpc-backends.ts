import { grpcHealthProbe } from "#platform/grpc/health-probe.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { AuditServiceClient } from "#proto/interlock/audit/v1/audit.js";
import type { AuthServiceClient } from "#proto/interlock/auth/v1/auth.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { RelayServiceClient } from "#proto/interlock/relay/v1/relay.js";
import type { Backends } from "../application/backends.js";
import { ServiceStatus } from "../application/service-status.js";
import type { Config } from "../config.js";
import { fetchStatus } from "./fetch-status.js";

const STATUS_EVERY_MS = 2_000;

/** Clients of every service behind, and the watch over their states. Needs none of them to be there. */
export function grpcBackends(runtime: ServiceRuntime<Config>): Backends {
  const { config } = runtime;
  const defaultDeadlineMs = config.requestDeadlineMs;
  const stopping = new AbortController();
  runtime.onStop("event streams", () => stopping.abort());
  watchRelay(runtime);
  return {
    auth: runtime.client<AuthServiceClient>({
      service: "auth",
      package: "interlock.auth.v1",
      serviceName: "AuthService",
      address: config.authAddress,
      defaultDeadlineMs,
    }),
    permissions: runtime.client<PermissionsServiceClient>({
      service: "permissions",
      package: "interlock.permissions.v1",
      serviceName: "PermissionsService",
      address: config.permissionsAddress,
      defaultDeadlineMs,
    }),
    policy: runtime.client<PolicyServiceClient>({
      service: "policy",
      package: "interlock.policy.v1",
      serviceName: "PolicyService",
      address: config.policyAddress,
      defaultDeadlineMs,
    }),
    relay: runtime.client<RelayServiceClient>({
      service: "relay",
      package: "interlock.relay.v1",
      serviceName: "RelayService",
      address: config.relayAddress,
      defaultDeadlineMs,
    }),
    audit: runtime.client<AuditServiceClient>({
      service: "audit",
      package: "interlock.audit.v1",
      serviceName: "AuditService",
      address: config.auditAddress,
      defaultDeadlineMs,
    }),
    status: watchedStatus(runtime),
    stopping: stopping.signal,
  };
}

/** permissions refuses a grant while the vault or policy is away and does not know the relay: that one is watched here. */
function watchRelay(runtime: ServiceRuntime<Config>): void {
  const probe = grpcHealthProbe("relay", runtime.config.relayAddress);
  runtime.watch({ name: "relay", condition: "SignerDown", check: probe.check });
  runtime.onClosed("health probe of relay", () => probe.close());
}

function watchedStatus(runtime: ServiceRuntime<Config>): ServiceStatus {
  const status = new ServiceStatus(runtime.config.statusUrls, fetchStatus, () => runtime.capabilities.status());
  const timer = setInterval(() => void status.refresh(), STATUS_EVERY_MS);
  timer.unref();
  void status.refresh();
  runtime.onStop("status watch", () => clearInterval(timer));
  return status;
}
