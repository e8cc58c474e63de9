import { createHash } from "node:crypto";

/** Where a copy keeps its entries. */
export interface CopyFile {
  append(index: bigint, event: Buffer): Promise<void>;
}

/** Entries [from, to) of the log from elsewhere, in order. */
export type Repair = (from: bigint, to: bigint) => AsyncIterable<Buffer>;

export interface AuditCopyOptions {
  readonly file: CopyFile;
  /** Where missing entries are had from. */
  readonly repair: Repair;
  readonly say: (line: string) => void;
  /** The entry to begin with. */
  readonly next?: bigint;
}

/**
 * A consumer's own copy of the audit log. The index in the record's header counts without gaps: an entry that is ahead of the count means
 * that some were missed, which Kafka itself does not tell (retention deletes, kafkajs silently starts at the earliest offset left).
 */
export class AuditCopy {
  next: bigint;
  readonly #last = new Map<bigint, string>();

  constructor(private readonly options: AuditCopyOptions) {
    this.next = options.next ?? 0n;
  }

  /**
   * Takes one record.
   * @throws Error when an index comes again with other bytes, or the gap before it cannot be filled
   */
  async take(index: bigint, event: Buffer): Promise<void> {
    if (index > this.next) await this.fill(index);
    if (index === this.next) return this.keep(event);
    const hash = createHash("sha256").update(event).digest("hex");
    const known = this.#last.get(index);
    if (known !== undefined && known !== hash) throw new Error(`CONFLICT index=${index}: the same index with other bytes`);
  }

  private async fill(first: bigint): Promise<void> {
    this.options.say(`GAP expected=${this.next} first=${first}`);
    for await (const event of this.options.repair(this.next, first)) await this.keep(event);
    if (this.next !== first) throw new Error(`GAP expected=${this.next} first=${first}: it could not be repaired`);
    this.options.say(`REPAIRED next=${first}`);
  }

  private async keep(event: Buffer): Promise<void> {
    await this.options.file.append(this.next, event);
    this.#last.set(this.next, createHash("sha256").update(event).digest("hex"));
    // Redeliveries reach back a batch or two, not for ever.
    this.#last.delete(this.next - 10_000n);
    this.next += 1n;
  }
}
