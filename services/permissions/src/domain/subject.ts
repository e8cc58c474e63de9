import type { Session } from "./session-state.js";

/** The fields every event of the session names. */
export function subjectOf(state: Session): { readonly sessionId: string; readonly account: string; readonly chainId: string } {
  const { sessionId, account, chainId } = state.key;
  return { sessionId, account, chainId };
}
