import type { AgentCredential, Principal as PrincipalMessage, Tokens, VerifyLoginResponse } from "#proto/interlock/auth/v1/auth.js";
import type { Introspection } from "../application/introspect.js";
import type { IssuedTokens } from "../application/open-login.js";
import type { AgentRecord } from "../application/ports/agent-store.js";
import type { LoginResult } from "../application/verify-login.js";
import type { Principal } from "../domain/principal.js";

/** Wire form of a principal. */
export function principalMessage(principal: Principal, csrfToken = ""): PrincipalMessage {
  return {
    kind: principal.kind,
    subject: principal.subject,
    chainId: String(principal.chainId),
    accounts: [...principal.accounts],
    sessionId: principal.sessionId ?? "",
    authMethod: principal.authMethod,
    expiresAt: principal.expiresAt.toISOString(),
    csrfToken,
  };
}

export function introspectionMessage({ principal, csrfToken }: Introspection): PrincipalMessage {
  return principalMessage(principal, csrfToken);
}

export function tokensMessage(tokens: IssuedTokens): Tokens {
  return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken ?? "", expiresIn: tokens.expiresIn };
}

/** Wire form of a login; `principal` only once it is complete. */
export function loginMessage(result: LoginResult, principal: Principal | undefined): VerifyLoginResponse {
  const { status, collected, needed } = result;
  const empty = { principal: undefined, tokens: undefined, webSession: "", csrfToken: "" };
  if (result.status === "collecting" || principal === undefined) return { status, collected, needed, ...empty };
  const { credentials } = result;
  const base = { ...empty, status, collected, needed, principal: principalMessage(principal) };
  if (credentials.mode === "token") return { ...base, tokens: tokensMessage(credentials.tokens) };
  return { ...base, webSession: credentials.webSession, csrfToken: credentials.csrfToken };
}

export function agentMessage(agent: AgentRecord): AgentCredential {
  return {
    credentialId: agent.id,
    sessionId: agent.sessionId,
    account: agent.account,
    label: agent.label,
    createdAt: agent.createdAt.toISOString(),
  };
}
