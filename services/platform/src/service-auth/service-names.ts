/** Deployables that talk gRPC, and the operators who run them; the `iss`, `sub` and `aud` of service tokens. */
export const SERVICE_NAMES = [
  "gateway",
  "auth",
  "permissions",
  "policy",
  "vault",
  "relay",
  "monitor",
  "audit",
  "lifeline",
  "operator",
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** True for the name of a deployable. */
export function isServiceName(value: unknown): value is ServiceName {
  return SERVICE_NAMES.some((name) => name === value);
}
