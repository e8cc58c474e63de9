import type { FastifyInstance } from "fastify";

/** Sent with every answer. The API serves no documents: nothing of it may be framed, sniffed, cached or run. */
export const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "geolocation=(), camera=(), microphone=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** Adds the security headers and the request's id to every answer, refusals before routing included. */
export function sendSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook("onRequest", (request, reply, done) => {
    reply.headers({ ...SECURITY_HEADERS, "x-request-id": request.id });
    done();
  });
}
