import type { RpcRules } from "#platform/service-auth/rpc-rules.js";

type Rule = Pick<RpcRules, "callers" | "actorKinds"> & { readonly singleUse?: true };

const gatewayFor = (...actorKinds: Rule["actorKinds"]): Rule => ({ callers: ["gateway"], actorKinds });
const services = (...callers: Rule["callers"]): Rule => ({ callers, actorKinds: [] });

/** Who may make each RPC, written down once more: a new RPC fails the suite until somebody has said who may call it. */
export const RPC_RULES: Readonly<Record<string, Rule>> = {
  "AuditService/getHead": gatewayFor("owner", "agent", "operator"),
  "AuditService/readEvents": gatewayFor("owner", "agent", "operator"),
  "AuditService/tail": gatewayFor("owner", "agent", "operator"),
  "AuthService/agentToken": services("gateway"),
  "AuthService/createNonce": services("gateway"),
  "AuthService/introspect": services("gateway"),
  "AuthService/linkAccount": services("gateway"),
  "AuthService/logout": services("gateway"),
  "AuthService/refresh": services("gateway"),
  "AuthService/registerAgent": gatewayFor("owner"),
  "AuthService/revokeAgent": gatewayFor("owner"),
  "AuthService/verifyLogin": services("gateway"),
  "MonitorService/getPositions": gatewayFor("owner", "agent", "operator"),
  "MonitorService/getWatchStatus": services("gateway"),
  "PermissionsService/addGrantSignature": gatewayFor("owner"),
  "PermissionsService/authorize": services("relay"),
  "PermissionsService/confirmGrant": gatewayFor("owner"),
  "PermissionsService/confirmRevoke": gatewayFor("owner"),
  "PermissionsService/draftGrant": gatewayFor("owner"),
  "PermissionsService/getSession": services("gateway", "relay", "monitor"),
  "PermissionsService/getUsage": gatewayFor("owner", "agent"),
  "PermissionsService/listSessions": gatewayFor("owner", "agent"),
  "PermissionsService/listWatched": services("monitor"),
  "PermissionsService/reportRevocation": services("monitor", "relay"),
  "PermissionsService/revoke": gatewayFor("owner", "agent"),
  "PermissionsService/settle": services("relay"),
  "PermissionsService/sweepExpired": services("monitor"),
  "PermissionsService/validate": gatewayFor("owner", "agent"),
  "PolicyService/decide": services("permissions"),
  "PolicyService/explain": services("permissions", "gateway"),
  "PolicyService/lint": services("permissions", "gateway"),
  "RelayService/cancelExecution": gatewayFor("owner", "agent"),
  "RelayService/execute": gatewayFor("owner", "agent"),
  "RelayService/getExecution": gatewayFor("owner", "agent"),
  "RelayService/getRelayStatus": services("gateway"),
  "RelayService/listExecutions": gatewayFor("owner", "agent"),
  "RelayService/sponsorArm": gatewayFor("owner"),
  "VaultService/describeKey": services("permissions", "relay", "monitor"),
  "VaultService/disarm": services("permissions", "gateway", "relay", "monitor", "lifeline"),
  "VaultService/generateKey": services("permissions"),
  "VaultService/sealFloor": services("permissions"),
  "VaultService/sign": { callers: ["relay"], actorKinds: [], singleUse: true },
};
