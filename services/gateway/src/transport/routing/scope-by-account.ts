import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Principal } from "../../application/principal.js";
import { address, chainId, uuid } from "../schemas/fields.js";
import { parseInput } from "./parse-input.js";
import type { Scope } from "./route.js";

interface Asked {
  readonly params: unknown;
  readonly body: unknown;
}

/** What the request is about, for rate limits: an account or a session; undefined for the principal's own things. */
export type ScopeKey = string | undefined;

/**
 * Refuses what is not the principal's before anything is evaluated; services behind refuse it again by the `act` of each call.
 * It runs before the schema, so it parses what it looks at itself.
 * @throws InterlockError NOT_FOUND, ACCOUNT_NOT_OWNED (both 404: existence is not told), VALIDATION_FAILED
 */
export function scopeByAccount(scope: Scope, asked: Asked, { actor }: Principal): ScopeKey {
  switch (scope) {
    case "own":
      return undefined;
    case "session-in-path":
      return ownSession(parseInput(z.looseObject({ id: uuid }), asked.params, "path").id, actor.sessionId);
    case "session-in-body":
      return ownSession(parseInput(z.looseObject({ sessionId: uuid }), asked.body, "body").sessionId, actor.sessionId);
    case "account-in-body": {
      const { account, chainId: chain } = parseInput(z.looseObject({ account: address, chainId }), asked.body, "body");
      const id = `${chain}:${account.toLowerCase()}`;
      if (!actor.accounts.includes(id)) throw notOwned("ACCOUNT_NOT_OWNED");
      return id;
    }
    case "owner-in-path": {
      const owner = parseInput(z.looseObject({ owner: address }), asked.params, "path").owner.toLowerCase();
      const own = owner === actor.sub || actor.accounts.some((id) => id.endsWith(`:${owner}`));
      if (!own) throw notOwned("NOT_FOUND");
      return undefined;
    }
  }
}

/** An agent has one session; an owner's sessions are known only behind. */
function ownSession(sessionId: string, agentSession: string | undefined): string {
  if (agentSession !== undefined && agentSession !== sessionId) throw notOwned("NOT_FOUND");
  return sessionId;
}

function notOwned(code: "NOT_FOUND" | "ACCOUNT_NOT_OWNED"): InterlockError {
  return new InterlockError(code, "there is no such thing, or it is not yours");
}
