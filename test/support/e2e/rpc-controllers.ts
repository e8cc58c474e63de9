import { AuditController } from "../../../services/audit/src/transport/audit.controller.js";
import { AuthController } from "../../../services/auth/src/transport/auth.controller.js";
import { MonitorController } from "../../../services/monitor/src/transport/monitor.controller.js";
import { PermissionsController } from "../../../services/permissions/src/transport/permissions.controller.js";
import { PolicyController } from "../../../services/policy/src/transport/policy.controller.js";
import { RelayController } from "../../../services/relay/src/transport/relay.controller.js";
import { VaultController } from "../../../services/vault/src/transport/vault.controller.js";
import { VaultAdminController } from "../../../services/vault/src/transport/vault-admin.controller.js";

/** Services that answer RPCs, and what answers them. */
export const RPC_CONTROLLERS = {
  audit: [AuditController],
  auth: [AuthController],
  monitor: [MonitorController],
  permissions: [PermissionsController],
  policy: [PolicyController],
  relay: [RelayController],
  vault: [VaultController, VaultAdminController],
} as const;

export type RpcService = keyof typeof RPC_CONTROLLERS;
