import { isTransient } from "../database/database-error.js";
import { InterlockError } from "../errors/interlock-error.js";
import { backoff } from "../event-store/backoff.js";
import type { Random } from "../kernel/random.js";
import type { BatchHandler, Parking, ReceivedRecord } from "./event-log.js";

/** An error that no repetition will cure: the record has to be parked. */
export class PermanentFailure extends InterlockError {
  constructor(message: string, cause?: unknown) {
    super("INTERNAL", message, cause === undefined ? {} : { cause });
  }
}

export interface DeliverOptions {
  readonly group: string;
  readonly handler: BatchHandler;
  readonly parking?: Parking | undefined;
  readonly random: Random;
  /** Tries of one record before it is parked although its error is not known to be permanent; defaults to 5. */
  readonly maxTries?: number;
  /** Waits, or returns early when the partition is given back. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** True once nothing more may be handled. */
  readonly over: () => boolean;
}

/**
 * Hands a batch to its handler until it is handled or parked.
 * A batch that fails is taken apart, so that one bad record keeps back nothing but its own sequence.
 * @returns records from the start of `batch` that are done with and may be acknowledged
 */
export async function deliver(batch: readonly ReceivedRecord[], options: DeliverOptions): Promise<number> {
  if (options.parking === undefined) return deliverWhole(batch, options);
  try {
    if (!(await anyBlocked(batch, options.parking, options.group))) {
      await options.handler(batch);
      return batch.length;
    }
  } catch {
    // Which record it was is found out below, one by one.
  }
  for (const [index, record] of batch.entries()) {
    if (options.over() || !(await deliverOne(record, options, options.parking))) return index;
  }
  return batch.length;
}

async function anyBlocked(batch: readonly ReceivedRecord[], parking: Parking, group: string): Promise<boolean> {
  const seen = new Set<string>();
  for (const record of batch) {
    if (seen.has(record.key)) continue;
    seen.add(record.key);
    if (await parking.isBlocked(group, record)) return true;
  }
  return false;
}

/** Without a parking lot the only choices are to succeed and to try again. */
async function deliverWhole(batch: readonly ReceivedRecord[], options: DeliverOptions): Promise<number> {
  for (let tries = 0; !options.over(); tries++) {
    try {
      await options.handler(batch);
      return batch.length;
    } catch {
      await options.pause(backoff(tries, options.random));
    }
  }
  return 0;
}

async function deliverOne(record: ReceivedRecord, options: DeliverOptions, parking: Parking): Promise<boolean> {
  for (let tries = 1; !options.over(); tries++) {
    try {
      if (await parking.isBlocked(options.group, record)) {
        await parking.park(options.group, record, new PermanentFailure("an earlier record of the sequence is parked"));
      } else {
        await options.handler([record]);
      }
      return true;
    } catch (error) {
      const lastTry = error instanceof PermanentFailure || (!isTransient(error) && tries >= (options.maxTries ?? 5));
      if (lastTry && (await parked(record, error, options, parking))) return true;
      await options.pause(backoff(tries, options.random));
    }
  }
  return false;
}

/** False when the parking lot is away or full: then the record stays where it is and is tried again. */
async function parked(record: ReceivedRecord, error: unknown, options: DeliverOptions, parking: Parking): Promise<boolean> {
  try {
    await parking.park(options.group, record, error);
    return true;
  } catch {
    return false;
  }
}
