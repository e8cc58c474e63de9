import { SharedLook } from "#platform/mailbox/shared-look.js";
import type { IntrospectRequest, Principal } from "#proto/interlock/auth/v1/auth.js";
import type { Backends } from "./backends.js";

/**
 * Asks auth about credentials. Requests with the same one that come while auth is being asked share the next question: an answer is
 * never older than the request, so a logout still counts at once.
 */
export class SharedIntrospection {
  readonly #looks = new Map<string, SharedLook<Principal>>();

  constructor(private readonly backends: Pick<Backends, "auth">) {}

  /** @throws InterlockError UNAUTHENTICATED, SESSION_EXPIRED, CSRF_INVALID, DEPENDENCY_UNAVAILABLE */
  async introspect(request: IntrospectRequest): Promise<Principal> {
    const { credential, kind, csrfToken, unsafeMethod, addsNoAuthority } = request;
    const key = JSON.stringify([credential, kind, csrfToken, unsafeMethod, addsNoAuthority]);
    const looks = this.#looks.get(key) ?? new SharedLook<Principal>();
    this.#looks.set(key, looks);
    try {
      return await looks.look(() => this.backends.auth.introspect(request, { act: null }));
    } finally {
      if (looks.idle && this.#looks.get(key) === looks) this.#looks.delete(key);
    }
  }
}
