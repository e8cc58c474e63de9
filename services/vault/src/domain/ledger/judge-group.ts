import type { Hex } from "viem";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import type { Limits } from "#platform/limits/limits.js";
import type { LimitsState } from "#platform/limits/limits-state.js";
import { countUsage } from "./count-usage.js";
import { checkSameDigest, type LedgerEntry } from "./judge-repeat.js";

/** A request that signer-core has judged, as far as the ledger is concerned. */
export interface AdmittedRequest {
  readonly digest: Hex;
  readonly nonce: string;
  /** Unix seconds. */
  readonly deadline: string;
  readonly operations: number;
  readonly spends: readonly { readonly token: `0x${string}`; readonly amount: string }[];
  readonly tickets: readonly { readonly jti: string; readonly expiresAt: number }[];
}

/** What the vault holds about one key, under its row lock. */
export interface Book {
  readonly keyRef: string;
  readonly generation: number;
  readonly limits: Limits;
  readonly usage: LimitsState;
  /** Entries under the requests' nonces, by nonce. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** What the requests' tickets were used for before, by jti. */
  readonly used: ReadonlyMap<string, { readonly keyRef: string; readonly digest: Hex }>;
}

/** counted: new, and part of the count; repeated: counted before, with its signature if there is one. */
export type Judgement =
  | { readonly kind: "counted" }
  | { readonly kind: "repeated"; readonly signature: Hex | undefined }
  | { readonly kind: "refused"; readonly error: InterlockError };

export interface GroupJudgement<Request> {
  /** One for each request, in their order. */
  readonly judgements: readonly Judgement[];
  readonly counted: readonly Request[];
  /** Tickets that are used up now, each once. */
  readonly tickets: readonly { readonly jti: string; readonly digest: Hex; readonly expiresAt: number }[];
  readonly usage: LimitsState;
}

/**
 * Judges requests for one key one after the other, each on what those before it leave: one digest per nonce, one use per ticket, the
 * vault's own count inside the floor. A request that is refused leaves nothing behind.
 * @param now Unix seconds of the vault's own clock
 */
export function judgeGroup<Request extends AdmittedRequest>(
  book: Book,
  requests: readonly Request[],
  now: bigint,
): GroupJudgement<Request> {
  const entries = new Map(book.entries);
  const used = new Map(book.used);
  const tickets: { jti: string; digest: Hex; expiresAt: number }[] = [];
  const counted: Request[] = [];
  let { usage } = book;
  const judge = (request: Request): Judgement => {
    const { digest, nonce, deadline, operations } = request;
    const before = entries.get(nonce);
    if (before !== undefined) checkSameDigest(before, digest, nonce);
    checkTickets(book.keyRef, request, used);
    if (before === undefined) {
      const spends = request.spends.map(({ token, amount }) => ({ token, amount: BigInt(amount) }));
      usage = countUsage(book.limits, usage, { operations, spends }, now);
      entries.set(nonce, { digest, generation: book.generation, deadline: BigInt(deadline), signature: undefined });
      counted.push(request);
    }
    for (const { jti, expiresAt } of request.tickets.filter((ticket) => !used.has(ticket.jti))) {
      used.set(jti, { keyRef: book.keyRef, digest });
      tickets.push({ jti, digest, expiresAt });
    }
    return before === undefined ? { kind: "counted" } : { kind: "repeated", signature: before.signature };
  };
  return { judgements: requests.map((request) => refusedOr(() => judge(request))), counted, tickets, usage };
}

/** @throws InterlockError TICKET_INVALID when a ticket was used for another key or digest */
function checkTickets(keyRef: string, { digest, tickets }: AdmittedRequest, used: Book["used"]): void {
  for (const { jti } of tickets) {
    const before = used.get(jti);
    if (before === undefined || (before.keyRef === keyRef && before.digest === digest)) continue;
    throw new InterlockError("TICKET_INVALID", "a ticket was used for something else", { details: { rule: "one use", jti } });
  }
}

function refusedOr(judge: () => Judgement): Judgement {
  try {
    return judge();
  } catch (error) {
    const known = findInterlockError(error);
    if (known === undefined) throw error;
    return { kind: "refused", error: known };
  }
}
