import type { Pool, PoolClient } from "pg";
import { withTransaction } from "#platform/database/with-client.js";
import { admit } from "../domain/admit.js";
import { BEGINNING, type ChainEnd } from "../domain/chain-end.js";
import { givenUp } from "../domain/given-up.js";
import type { ProducerTrust } from "../domain/producer-trust.js";
import type { PublishedEvent } from "../domain/published-event.js";
import { insertEntries, type KnownEvent, knownEvents, lockHead } from "./entry-writing.js";
import { type ProducerGap, ProducerOrder, WAITING_STEP } from "./producer-order.js";

/** The same (source, sequence) came again with other bytes, or a producer's chain goes on from another event than the log has. */
export interface Conflict {
  readonly event: PublishedEvent;
  /** Leaf hash of the bytes that came first, or SHA-256 of the event before as the log has it; hex. */
  readonly storedHash: string;
}

/** What did not just enter the log. */
export interface Refusals {
  readonly conflicts: readonly Conflict[];
  /** Events that nobody who may signed; they are not in the log. */
  readonly forged: readonly PublishedEvent[];
}

/** Lets events into the log: one at a time, under the lock of the head. */
export class EntryIntake {
  constructor(
    private readonly pool: Pool,
    private readonly trust: ProducerTrust,
  ) {}

  /**
   * Gives every new event the next position, in the order each producer counted; one that is ahead of its producer's count, or that no
   * signature covers yet, waits, durably. Events that stand there already are skipped.
   */
  async append(events: readonly PublishedEvent[]): Promise<Refusals> {
    return withTransaction(this.pool, async (client) => {
      const first = await lockHead(client);
      const { fresh, conflicts } = this.unknown(events, await knownEvents(client, events));
      const strangers = fresh.filter(({ source }) => this.trust.of(source) === "unknown");
      const known = fresh.filter(({ source }) => this.trust.of(source) !== "unknown");
      if (known.length === 0) return { conflicts, forged: strangers };
      const refused = await this.enter(client, known, sourcesOf(known), first);
      return { conflicts: [...conflicts, ...refused.conflicts], forged: [...strangers, ...refused.forged] };
    });
  }

  /** Ends the waiting of what has waited for more than `patienceMs`: for a number before it, which is then missing, or for a signature. */
  async giveUp(patienceMs: number): Promise<Refusals & { readonly gaps: readonly ProducerGap[] }> {
    return withTransaction(this.pool, async (client) => {
      const first = await lockHead(client);
      const order = new ProducerOrder(client);
      const [gaps, forged]: [ProducerGap[], PublishedEvent[]] = [[], []];
      const sources = await order.late(patienceMs);
      const { ends, waiting, late } = await order.load(sources, patienceMs);
      for (const source of sources) {
        const end = ends.get(source) ?? BEGINNING;
        const mine = waiting.filter((event) => event.source === source);
        const { resume, forged: unsigned } = this.over(source, mine, late, end);
        forged.push(...unsigned);
        if (resume === undefined) continue;
        await order.save(new Map([[source, resume]]));
        gaps.push({ source, expected: end.next, found: resume.next });
      }
      await order.forget(forged);
      if (gaps.length === 0) return { gaps, conflicts: [], forged };
      const refused = await this.enter(client, [], sourcesOf(gaps), first);
      return { gaps, conflicts: refused.conflicts, forged: [...forged, ...refused.forged] };
    });
  }

  private over(source: string, mine: readonly PublishedEvent[], late: ReadonlySet<PublishedEvent>, end: ChainEnd) {
    const isLate = new Set(mine.filter((event) => late.has(event)));
    if (this.trust.of(source) === "signed") return givenUp(mine, isLate, end, this.trust.holds);
    const [found] = mine;
    return { resume: found === undefined ? undefined : { next: found.sequence, lastHash: undefined }, forged: [] };
  }

  private unknown(events: readonly PublishedEvent[], known: Map<string, KnownEvent[]>) {
    const conflicts: Conflict[] = [];
    const fresh: PublishedEvent[] = [];
    for (const event of events) {
      const { leafHash, headSignature = "" } = event;
      const others = known.get(keyOf(event)) ?? [];
      const settled = others.find((one) => one.settled || this.trust.of(event.source) !== "signed");
      if (settled !== undefined) {
        if (!settled.leafHash.equals(leafHash)) conflicts.push({ event, storedHash: settled.leafHash.toString("hex") });
        continue;
      }
      // Of a producer that signs, several may claim one number until its signature tells which one it made.
      if (others.some((one) => one.leafHash.equals(leafHash) && one.headSignature === headSignature)) continue;
      known.set(keyOf(event), [...others, { leafHash, settled: false, headSignature }]);
      fresh.push(event);
    }
    return { conflicts, fresh };
  }

  private async enter(client: PoolClient, fresh: readonly PublishedEvent[], among: readonly string[], head: bigint): Promise<Refusals> {
    const order = new ProducerOrder(client);
    const [conflicts, nobodys]: [Conflict[], PublishedEvent[]] = [[], []];
    let [arrived, sources, first] = [fresh, among, head];
    while (sources.length > 0) {
      const { ends, waiting } = await order.load(sources);
      const past = [...waiting, ...arrived].filter(({ source, sequence }) => sequence < (ends.get(source) ?? BEGINNING).next);
      const admission = admit(arrived, { ends, waiting, followers: await order.followers(past) }, this.trust);
      const { ready, held, forged, broken } = admission;
      if (ready.length > 0) await insertEntries(client, ready, first);
      const [waited, left] = [new Set(waiting), new Set(held)];
      await order.wait(held.filter((event) => !waited.has(event)));
      await order.forget(waiting.filter((event) => !left.has(event)));
      await order.save(admission.ends);
      nobodys.push(...forged);
      for (const event of broken) conflicts.push({ event, storedHash: ends.get(event.source)?.lastHash ?? "" });
      first += BigInt(ready.length);
      arrived = [];
      // More than was looked at may follow on what has just entered.
      sources = waiting.length >= WAITING_STEP && ready.length > 0 ? sources : [];
    }
    return { conflicts, forged: nobodys };
  }
}

const keyOf = (event: PublishedEvent) => `${event.source} ${event.sequence}`;
const sourcesOf = (of: readonly { readonly source: string }[]) => [...new Set(of.map(({ source }) => source))];
