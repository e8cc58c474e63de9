import type { EventStore } from "#platform/event-store/event-store.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import { CLUSTER_KEY } from "#platform/producer/announce-start.js";
import type { Reader } from "../domain/entry.js";

/** What somebody read, and how. */
export interface Access {
  readonly reader: string;
  /** What they are to us; an auditor outside unless it is said. */
  readonly kind?: Reader["kind"];
  readonly way: "events" | "stream" | "bundle" | "export";
  /** First entry. */
  readonly from: bigint;
  /** Entry after the last. */
  readonly to: bigint;
}

/** How long accesses of one reader are gathered into one event, in milliseconds: a poll a second is not an event a second. */
const GATHER_MS = 60_000;

const ACTORS = { owner: "user", agent: "agent", operator: "operator", auditor: "operator" } as const;
const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1);

/** Reading the log is itself on the log: who read which range. */
export class AccessRecord {
  private readonly gathered = new Map<string, { access: Access; since: number; count: number }>();

  constructor(
    private readonly store: Pick<EventStore, "append">,
    private readonly ids: IdFactory,
    private readonly now: () => number,
  ) {}

  /** Notes an access; written with others of the same reader and way, at the latest with the first `flush` a minute later. */
  note(access: Access): void {
    const key = `${access.reader} ${access.way}`;
    const known = this.gathered.get(key);
    if (known === undefined) {
      this.gathered.set(key, { access, since: this.now(), count: 1 });
      return;
    }
    known.count += 1;
    const [from = access.from] = [access.from, known.access.from].sort(ascending);
    const [, to = access.to] = [access.to, known.access.to].sort(ascending);
    known.access = { ...access, from, to };
  }

  /** Writes what is due, or all of it. */
  async flush(all = false): Promise<void> {
    for (const [key, { access, since, count }] of this.gathered) {
      if (!all && this.now() - since < GATHER_MS) continue;
      await this.write(access, count);
      this.gathered.delete(key);
    }
  }

  private async write({ reader, kind = "auditor", way, from, to }: Access, requests: number): Promise<void> {
    const id = this.ids.next();
    const data = { reader, way, from: from.toString(), to: to.toString(), requests };
    const actor = { type: ACTORS[kind], id: reader };
    const metadata = { correlationId: id, actor, subject: reader, partitionKey: CLUSTER_KEY };
    await this.store.append(`access-${id}`, 0, [{ type: "audit.accessed.v1", data }], metadata);
  }
}
