import { chainVariables, databaseVariables, eventLogVariables, grpcVariables } from "#platform/config/common-variables.js";
import { bytes32, ed25519PrivateJwk } from "#platform/config/keys.js";
import { commaList, httpUrl } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";

/** `https://console.example:8443`: scheme, host and port, nothing behind. */
const origin = httpUrl.refine((text) => new URL(text).origin === text, "must be an origin: scheme, host and port only");

/** Everything auth reads from its environment. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  ...chainVariables,
  publicOrigin: variable({
    env: "PUBLIC_ORIGIN",
    schema: origin,
    description: "Origin under which users reach the gateway; agents' assertions are made for its /v1/auth/agent/token.",
    example: "https://interlock.example",
  }),
  loginOrigins: variable({
    env: "LOGIN_ORIGINS",
    schema: commaList(origin).optional(),
    description: "Comma-separated origins that sign-in messages may name, domain and uri; default: PUBLIC_ORIGIN.",
    example: "https://interlock.example,https://console.example",
  }),
  tokenKey: variable({
    env: "TOKEN_KEY",
    schema: ed25519PrivateJwk,
    secret: true,
    description: "Private Ed25519 JWK that signs access tokens; normally given as TOKEN_KEY_FILE.",
  }),
  piiKey: variable({
    env: "PII_KEY",
    schema: bytes32.optional(),
    secret: true,
    description: "32 bytes, base64: wraps the keys of personal data in events and names their subjects; without it events hold none.",
  }),
  auditSalt: variable({
    env: "AUDIT_SALT",
    schema: bytes32.optional(),
    secret: true,
    description: "32 bytes, base64: events name nonces and tokens by their HMAC under it; without it they do not name them.",
  }),
};

export type Config = ConfigOf<typeof configDefinition>;
