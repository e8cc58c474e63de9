/** What a producer hands to the log. The value is opaque: it is stored and delivered byte for byte. */
export interface LogRecord {
  /** Records with the same key keep their order. */
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a consumer gets from the log. */
export interface ReceivedRecord extends LogRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position inside the partition; a transport detail, never an audit order. */
  readonly offset: bigint;
}

/** Handles records of one partition in order. Resolving acknowledges them; rejecting has them delivered again. */
export type BatchHandler = (batch: readonly ReceivedRecord[]) => Promise<void>;

/** Takes a record its handler will never be able to handle; the log goes on behind it once this resolves. */
export interface Parking {
  park(group: string, record: ReceivedRecord, cause: unknown): Promise<void>;
  /** True when an earlier record of the same sequence (its key) is parked, so that this one has to wait behind it. */
  isBlocked(group: string, record: ReceivedRecord): Promise<boolean>;
}

export interface SubscribeOptions {
  /** Members of one group share the partitions of their topics. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: BatchHandler;
  /** Where a group without a committed offset starts; defaults to `earliest`. */
  readonly from?: "earliest" | "latest";
  /** Where records go that fail with a permanent error; without it such a record is retried for ever. */
  readonly parking?: Parking;
  /** Most records in one call of the handler; defaults to 500. */
  readonly maxBatch?: number;
}

export interface Subscription {
  /** Ends delivery after the running handler and gives the partitions back. */
  stop(): Promise<void>;
  /** Partitions this member holds now, as `topic/partition`. */
  assignments(): readonly string[];
}

export interface ReadOptions {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: bigint;
  readonly limit: number;
}

/**
 * The published log. At-least-once: a record may come again, and a consumer drops it by (`source`, `sequence`).
 * Order holds per key. No call waits for a broker at start: `healthy` tells how it is.
 */
export interface EventLog {
  /** Resolves once every record is durable. All or part of a batch may be published again after a failure. */
  publish(topic: string, records: readonly LogRecord[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Looks at a partition without a group. */
  read(options: ReadOptions): Promise<readonly ReceivedRecord[]>;
  /** Offset behind the last record of each partition of `topic`, in the order of the partitions. */
  ends(topic: string): Promise<readonly bigint[]>;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}
