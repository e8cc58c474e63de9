import { InterlockError } from "#platform/errors/interlock-error.js";
import { type Actor, actorSchema } from "#platform/service-auth/actor.js";
import type { Principal as PrincipalMessage } from "#proto/interlock/auth/v1/auth.js";

/** The credential a request came with. */
export interface PresentedCredential {
  readonly kind: "web" | "bearer";
  readonly value: string;
}

/** Who made the request: what auth said, and the `act` every call made for it carries. */
export interface Principal {
  readonly actor: Actor;
  readonly message: PrincipalMessage;
  readonly credential: PresentedCredential;
}

/** @throws InterlockError INTERNAL when auth's answer has not the shape of a principal */
export function toPrincipal(message: PrincipalMessage, credential: PresentedCredential): Principal {
  const actor = actorSchema.safeParse({
    sub: message.subject,
    kind: message.kind,
    accounts: message.accounts,
    authMethod: message.authMethod,
    ...(message.sessionId === "" ? {} : { sessionId: message.sessionId }),
  });
  if (!actor.success) throw new InterlockError("INTERNAL", "auth named a malformed principal", { cause: actor.error });
  return { actor: actor.data, message, credential };
}
