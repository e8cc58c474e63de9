import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseSessionId } from "#platform/kernel/ids.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { ExecutionReader } from "../adapters/pg/execution-reader.js";
import type { StoredExecution } from "../adapters/pg/execution-store.js";
import { assertOwnSession } from "./own-session.js";
import type { PermissionsPort } from "./permissions-port.js";
import { scopeOf } from "./principal.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const CURSOR = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface ListQuery {
  /** Empty: all sessions of the principal. */
  readonly sessionId: string;
  readonly cursor: string;
  /** 0: the default of 50; at most 200. */
  readonly limit: number;
}

export interface ExecutionPage {
  readonly executions: readonly StoredExecution[];
  /** Empty on the last page. */
  readonly nextCursor: string;
}

export interface ListDeps {
  readonly reader: ExecutionReader;
  readonly permissions: PermissionsPort;
}

/** Executions of the principal. */
export class ListExecutions {
  constructor(private readonly deps: ListDeps) {}

  /**
   * Newest first.
   * @throws InterlockError VALIDATION_FAILED, CURSOR_INVALID, NOT_FOUND (an unknown or foreign session), DEPENDENCY_UNAVAILABLE
   */
  async page(actor: Actor, query: ListQuery): Promise<ExecutionPage> {
    const { reader, permissions } = this.deps;
    if (query.limit > MAX_LIMIT)
      throw new InterlockError("VALIDATION_FAILED", `page.limit: must be at most ${MAX_LIMIT}`, {
        details: { field: "page.limit", rule: `must be at most ${MAX_LIMIT}`, value: query.limit },
      });
    const limit = query.limit || DEFAULT_LIMIT;
    const sessionId = query.sessionId === "" ? undefined : parseSessionId(query.sessionId);
    const found = await reader.list(scopeOf(actor), sessionId, decodeCursor(query.cursor), limit);
    // What was found is the principal's, and says that the session is; only an empty page needs permissions to tell own from foreign.
    if (found.length === 0 && sessionId !== undefined) await assertOwnSession(permissions, actor, sessionId);
    const executions = found.slice(0, limit);
    const last = executions.at(-1);
    return { executions, nextCursor: found.length > limit && last !== undefined ? encodeCursor(last.state.executionId) : "" };
  }
}

function encodeCursor(executionId: string): string {
  return Buffer.from(executionId).toString("base64url");
}

function decodeCursor(cursor: string): string | undefined {
  if (cursor === "") return undefined;
  const id = Buffer.from(cursor.slice(0, 100), "base64url").toString();
  if (CURSOR.test(id)) return id;
  throw new InterlockError("CURSOR_INVALID", "page.cursor: is not one of ours", { details: { field: "page.cursor" } });
}
