import { z } from "zod";

/** Things that really exist, for requests that would otherwise only ever ask for what does not. */
export interface Ground {
  readonly sessionId: string;
  readonly executionId: string;
  readonly account: string;
  readonly owner: string;
  readonly chainId: number;
}

/** Paths whose requests keep their invented ids: they would end the session everything else is tried on. */
const ENDING = ["/v1/session_keys/revoke", "/v1/session_keys/revoke/confirm"];
const bodySchema = z.record(z.string(), z.unknown());
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const ADDRESS = /0x[0-9a-fA-F]{40}/;

/** The path with a real id in the place of an invented one. */
export function groundPath(path: string, ground: Ground): string {
  if (path.startsWith("/v1/session_keys/list/")) return path.replace(ADDRESS, ground.owner);
  if (path.startsWith("/v1/session_keys/")) return path.replace(UUID, ground.sessionId);
  if (path.startsWith("/v1/executions/")) return path.replace(UUID, ground.executionId);
  return path;
}

/** The body with real ids in the place of well-formed invented ones; anything else stays as it was made. */
export function groundBody(path: string, body: Buffer, ground: Ground): Buffer {
  if (ENDING.includes(path)) return body;
  const parsed = bodySchema.safeParse(jsonOf(body));
  if (!parsed.success) return body;
  const { sessionId, account, chainId } = parsed.data;
  const real = {
    ...(typeof sessionId === "string" && UUID.test(sessionId) ? { sessionId: ground.sessionId } : {}),
    ...(typeof account === "string" && ADDRESS.test(account) ? { account: ground.account } : {}),
    ...(typeof chainId === "number" ? { chainId: ground.chainId } : {}),
  };
  return Buffer.from(JSON.stringify({ ...parsed.data, ...real }));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
