import type { PromiseClient } from "#platform/grpc/promise-client.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";

/** What permissions asks of policy. */
export type PolicyPeer = Pick<PromiseClient<PolicyServiceClient>, "decide" | "explain" | "lint">;
/** What permissions asks of the vault. */
export type VaultPeer = Pick<PromiseClient<VaultServiceClient>, "generateKey" | "sealFloor" | "disarm">;
