import type { FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type PresentedCredential, type Principal, toPrincipal } from "../../application/principal.js";
import type { SharedIntrospection } from "../../application/shared-introspection.js";
import type { Route } from "./route.js";

/** Cookie of web sessions. The prefix makes browsers demand Secure, Path=/ and no Domain (RFC 6265bis). */
export const SESSION_COOKIE = "__Host-interlock";

const MAX_CREDENTIAL = 4_000;

/** The credential of a request: `Authorization: Bearer`, else the cookie. @throws InterlockError UNAUTHENTICATED */
export function presentedCredential(request: FastifyRequest): PresentedCredential {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > MAX_CREDENTIAL) throw unauthenticated("Authorization: must be Bearer and a token");
    return { kind: "bearer", value: token };
  }
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie === undefined || cookie === "" || cookie.length > MAX_CREDENTIAL) throw unauthenticated("sign in, or send a bearer token");
  return { kind: "web", value: cookie };
}

/**
 * Asks auth who stands behind the request's credential.
 * @throws InterlockError UNAUTHENTICATED, SESSION_EXPIRED, CSRF_INVALID, FORBIDDEN when an agent calls an owner's route, DEPENDENCY_UNAVAILABLE
 */
export async function walletAuth(
  route: Route,
  request: FastifyRequest,
  credential: PresentedCredential,
  introspection: SharedIntrospection,
): Promise<Principal> {
  const csrf = request.headers["x-csrf-token"];
  const message = await introspection.introspect({
    credential: credential.value,
    kind: credential.kind,
    csrfToken: typeof csrf === "string" ? csrf.slice(0, 200) : "",
    unsafeMethod: route.method !== "GET",
    addsNoAuthority: route.addsNoAuthority,
  });
  const principal = toPrincipal(message, credential);
  if (route.guard === "owner" && principal.actor.kind !== "owner") throw new InterlockError("FORBIDDEN", "only an owner may do this");
  return principal;
}

const unauthenticated = (message: string) => new InterlockError("UNAUTHENTICATED", message);
