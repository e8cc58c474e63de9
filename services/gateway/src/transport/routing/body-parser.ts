import type { FastifyInstance } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** Bytes of the largest body. */
export const BODY_LIMIT = 256 * 1024;

const MAX_DEPTH = 32;

/**
 * Takes JSON in UTF-8 and nothing else (415). Stricter than the default parser: ill-formed UTF-8 is refused, not replaced, and so are
 * bodies nested so deeply that they could only be an attack.
 */
export function useStrictJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("application/json", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    try {
      done(null, parseBody(Buffer.isBuffer(body) ? body : Buffer.from(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error("the body cannot be read"));
    }
  });
}

/** The value in `body`, undefined when it is empty. @throws InterlockError VALIDATION_FAILED */
export function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body), refusePrototype);
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause;
    throw malformed("well-formed JSON in UTF-8", cause);
  }
  if (depthOf(value, 0) > MAX_DEPTH) throw malformed(`nested at most ${MAX_DEPTH} deep`);
  return value;
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw malformed("without a field __proto__");
  return value;
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return depth;
  return Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, depthOf(inner, depth + 1)), depth + 1);
}

function malformed(rule: string, cause?: unknown): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `body: must be ${rule}`, { details: { field: "body", rule }, cause });
}
