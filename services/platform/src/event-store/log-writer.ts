import type pg from "pg";
import { InterlockError } from "../errors/interlock-error.js";
import type { Clock } from "../kernel/clock.js";
import type { Random } from "../kernel/random.js";
import { type ChainSigner, chainMessage } from "../transparency-log/producer-chain.js";
import { buildCloudEvent, type CloudEventBytes, formatSequence, type ProducerEnvironment, sourceOf } from "./cloud-event.js";
import type { LogHead } from "./log-lease.js";
import { type LogCandidate, logOrder } from "./log-order.js";
import { type LogStatements, logStatements } from "./log-statements.js";
import { type EventRow, toStoredEvent } from "./stored-event.js";

export interface LogWriterOptions {
  readonly schema: string;
  readonly env: ProducerEnvironment;
  readonly clock: Clock;
  readonly random: Random;
  /** Signs the head of the chain with each batch; without it nothing is signed. */
  readonly signChain?: ChainSigner | undefined;
  /** Most events in one commit; defaults to 500. */
  readonly batch?: number;
  /** Called between the steps of a batch, so that tests can stop a process there. */
  readonly onStep?: ((step: WriterStep) => Promise<void> | void) | undefined;
}

export type WriterStep = "taken" | "built" | "sequenced";

interface CandidateRow extends EventRow {
  readonly xid: string;
  readonly xmin: string;
  readonly predecessor_sequenced: boolean;
}

type Candidate = LogCandidate & { readonly row: CandidateRow };

/** Gives committed events their dense positions and their bytes, one fenced commit per batch. */
export class LogWriter {
  readonly #statements: LogStatements;
  #position: bigint;
  #lastHash: Buffer;
  #floor: bigint;
  #limit: number;
  /** The signature over the last event, once it is made: the batch carries it in a header, the next one in its first event. */
  #headSignature: string | undefined;

  constructor(
    private readonly client: pg.ClientBase,
    private readonly head: LogHead,
    private readonly options: LogWriterOptions,
  ) {
    this.#statements = logStatements(options.schema);
    this.#position = head.position;
    this.#lastHash = head.lastHash;
    this.#floor = head.floor;
    this.#limit = options.batch ?? 500;
  }

  /** Last position given. */
  get position(): bigint {
    return this.#position;
  }

  /**
   * Sequences one batch.
   * @returns how many events got a position; 0 when there is nothing more to do now
   * @throws InterlockError STALE_TERM when another leader has taken over: nothing was written
   */
  async writeBatch(): Promise<number> {
    const { rows } = await this.client.query<CandidateRow>({
      ...this.#statements.candidates,
      values: [this.#floor.toString(), this.#limit],
    });
    if (rows.length === 0) return 0;
    await this.options.onStep?.("taken");
    const full = rows.length === this.#limit;
    const { ready, held } = logOrder(rows.map(toCandidate));
    if (ready.length === 0) {
      // A page full of waiting events hides what they wait for.
      if (full) this.#limit *= 2;
      return full ? this.writeBatch() : 0;
    }
    this.#limit = this.options.batch ?? 500;
    const built = this.#build(ready);
    await this.options.onStep?.("built");
    const floor = nextFloor(rows, held, full);
    await this.#commit(ready, built, floor);
    await this.options.onStep?.("sequenced");
    return ready.length;
  }

  #build(ready: readonly Candidate[]): CloudEventBytes[] {
    const recordedTime = this.options.clock.now();
    const salts = this.options.random.bytes(16 * ready.length);
    let previousHash = this.#lastHash;
    const { env } = this.options;
    const before = this.#headSignature ?? this.#signHead(this.#position, this.#lastHash);
    const events = ready.map(({ row }, index) => {
      const position = this.#position + BigInt(index + 1);
      const salt = salts.subarray(16 * index, 16 * index + 16);
      const chainSignature = index === 0 ? before : undefined;
      const event = buildCloudEvent(toStoredEvent(row), env, { position, previousHash, recordedTime, salt, chainSignature });
      previousHash = event.hash;
      return event;
    });
    const last = events.at(-1);
    if (last !== undefined) this.#headSignature = this.#signHead(this.#position + BigInt(events.length), last.hash);
    // Beside the last event, not in it: an event cannot carry a signature over its own bytes.
    const chainhead = this.#headSignature;
    return events.map((event) =>
      event === last && chainhead !== undefined ? { ...event, headers: { ...event.headers, chainhead } } : event,
    );
  }

  #signHead(position: bigint, hash: Buffer): string | undefined {
    return this.options.signChain?.(chainMessage(sourceOf(this.options.env.service), formatSequence(position), hash.toString("hex")));
  }

  async #commit(ready: readonly Candidate[], built: readonly CloudEventBytes[], floor: bigint): Promise<void> {
    const lastHash = built.at(-1)?.hash ?? this.#lastHash;
    const sizes = built.map(({ value }) => value.length);
    let end = 1;
    const starts = sizes.map((size) => {
      end += size;
      return end - size;
    });
    const { rowCount } = await this.client.query({
      ...this.#statements.write,
      values: [
        this.head.term.toString(),
        this.#position.toString(),
        ready.length,
        lastHash,
        floor.toString(),
        ready.map(({ row }) => row.stream),
        ready.map(({ row }) => row.version),
        ready.map(({ row }) => row.metadata.partitionKey),
        built.map(({ headers }) => JSON.stringify(headers)),
        starts,
        Buffer.concat(built.map(({ value }) => value)),
        sizes,
      ],
    });
    if (rowCount !== ready.length) throw staleTerm(this.options.schema, this.head.term);
    this.#position += BigInt(ready.length);
    this.#lastHash = lastHash;
    this.#floor = floor;
  }
}

/** The error of a leader that is one no more. */
export function staleTerm(schema: string, term: bigint): InterlockError {
  return new InterlockError("STALE_TERM", `term ${term} of the log of ${schema} is over`, { details: { schema, term: term.toString() } });
}

function toCandidate(row: CandidateRow): Candidate {
  const { stream, version, predecessor_sequenced: predecessorSequenced } = row;
  return { row, stream, version, xid: BigInt(row.xid), predecessorSequenced };
}

/** A full page may have left rows of its last transaction behind; a held event must be looked at again. */
function nextFloor(rows: readonly CandidateRow[], held: readonly Candidate[], full: boolean): bigint {
  const last = rows.at(-1);
  let floor = BigInt((full ? last?.xid : last?.xmin) ?? "0");
  for (const { xid } of held) if (xid < floor) floor = xid;
  return floor;
}
