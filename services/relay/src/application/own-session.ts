import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import type { Actor } from "#platform/service-auth/actor.js";
import { accountKey } from "../adapters/pg/execution-store.js";
import type { PermissionsPort, SessionView } from "./permissions-port.js";
import { scopeOf } from "./principal.js";

/**
 * A session of the principal.
 * @throws InterlockError NOT_FOUND for an unknown and for a foreign one alike, NOT_ARMED for an own one without a policy yet
 */
export async function ownSession(permissions: PermissionsPort, actor: Actor, sessionId: string): Promise<SessionView> {
  const { accounts, sessionId: only } = scopeOf(actor);
  const foreign = () => new InterlockError("NOT_FOUND", "there is no such session", { details: { sessionId } });
  if (only !== undefined && only !== sessionId) throw foreign();
  const session = await permissions.session(sessionId, actor);
  if (!accounts.includes(accountKey({ chainId: session.chainId.toString(), account: session.account }))) throw foreign();
  return session;
}

/** Passes when the session is the principal's, whatever its state. @throws InterlockError NOT_FOUND, DEPENDENCY_UNAVAILABLE */
export async function assertOwnSession(permissions: PermissionsPort, actor: Actor, sessionId: string): Promise<void> {
  try {
    await ownSession(permissions, actor, sessionId);
  } catch (error) {
    if (!hasCode(error, "NOT_ARMED")) throw error;
  }
}
