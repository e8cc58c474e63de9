import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseAddress, parseUint } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type {
  GetUsageResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  ListWatchedRequest,
  ListWatchedResponse,
  Session as SessionMessage,
  TokenUsage,
} from "#proto/interlock/permissions/v1/permissions.js";
import { isSession, type Session } from "../domain/session-state.js";
import { usageLeft } from "../domain/usage-left.js";
import { currentScope } from "./caller.js";
import { sessionNotFound } from "./not-found.js";
import { type PageRequest, pageOf } from "./page.js";
import { visibleSession } from "./session-access.js";
import type { SessionFilter, SessionIndex } from "./session-index.js";
import { sessionMessage } from "./session-message.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";

export interface SessionQueriesParts {
  readonly stream: SessionStream;
  readonly index: SessionIndex;
  readonly setting: ChainSetting;
  readonly clock: Clock;
}

/** What can be asked about sessions. Everything is bounded by the caller's scope; a foreign id is NOT_FOUND. */
export class SessionQueries {
  constructor(private readonly parts: SessionQueriesParts) {}

  /** One session. The index is asked first: its row-level security is the second line. */
  async get(sessionId: string): Promise<SessionMessage> {
    const { stream, index, clock } = this.parts;
    const { state, version } = await visibleSession(stream, sessionId);
    if ((await index.find(currentScope(), sessionId)) === undefined) throw sessionNotFound(sessionId);
    return sessionMessage(state, version, unixSeconds(clock));
  }

  /** Sessions of the caller's accounts, oldest first. */
  async list({ owner, account, page }: ListSessionsRequest): Promise<ListSessionsResponse> {
    const { setting } = this.parts;
    const byOwner = owner === "" ? {} : { owner: parseAddress("owner", owner).toLowerCase() };
    const byAccount = account === "" ? {} : { account: `${setting.chainId}:${parseAddress("account", account).toLowerCase()}` };
    return this.page({ ...byOwner, ...byAccount }, page);
  }

  /** Every session that can still act. */
  async watched({ chainId, page }: ListWatchedRequest): Promise<ListWatchedResponse> {
    const byChain = chainId === "" ? {} : { chainId: String(parseUint("chain_id", chainId, 64)) };
    return this.page({ ...byChain, phase: "armed" }, page);
  }

  /** Budgets and operations left at this instant, reservations included. */
  async usage(sessionId: string): Promise<GetUsageResponse> {
    const { state } = await visibleSession(this.parts.stream, sessionId);
    return usageResponse(state, unixSeconds(this.parts.clock));
  }

  private async page(filter: Omit<SessionFilter, "after" | "limit">, request: PageRequest): Promise<ListSessionsResponse> {
    const { stream, index, clock } = this.parts;
    const { after, limit, cursorOf } = pageOf(request);
    const rows = await index.list(currentScope(), { ...filter, after, limit: limit + 1 });
    const now = unixSeconds(clock);
    const sessions: SessionMessage[] = [];
    for (const { sessionId } of rows.slice(0, limit)) {
      const { state, version } = await stream.load(sessionId);
      if (!isSession(state)) throw new InterlockError("INTERNAL", "the index lists a session without a stream");
      sessions.push(sessionMessage(state, version, now));
    }
    return { sessions, nextCursor: rows.length > limit ? cursorOf(rows[limit - 1]?.sessionId ?? "") : "" };
  }
}

function usageResponse(state: Session, now: number): GetUsageResponse {
  const { tokens, operationsLeft, nextOperationAt } = usageLeft(state, now);
  return {
    tokens: tokens.map(
      ({ token, perOp, perPeriod, left, resetsAt }): TokenUsage => ({
        token,
        perOp: String(perOp),
        perPeriod: String(perPeriod),
        left: String(left),
        resetsAt: String(resetsAt),
      }),
    ),
    maxOps: state.limits.maxOps,
    opsLeft: operationsLeft ?? 0,
    nextOpAt: nextOperationAt === undefined ? "0" : String(nextOperationAt),
  };
}
