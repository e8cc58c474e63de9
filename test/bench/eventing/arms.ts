import { randomUUID } from "node:crypto";
import type { AppendMetadata, NewEvent } from "../../../services/platform/src/event-store/types.js";
import { Mailbox } from "../../../services/platform/src/mailbox/mailbox.js";
import { metadata } from "../../support/event-data.js";
import { type Bed, CALLERS } from "./bed.js";
import { rateFor } from "./measure.js";

/** A USE as it is stored: about 0.5 kB with its metadata. */
export const useEvent = (n: number): NewEvent => ({
  type: "session.use.authorized.v1",
  data: {
    account: "31337:0x1111111111111111111111111111111111111111",
    sessionId: "0198c0de-0000-7000-8000-000000000001",
    executionId: "0198c0de-0000-7000-8000-000000000002",
    digest: `0x${"ab".repeat(32)}`,
    target: "0x2222222222222222222222222222222222222222",
    selector: "0xa9059cbb",
    spends: [{ token: "0x3333333333333333333333333333333333333333", amount: "10000000" }],
    n,
  },
});

/** One INSERT of the same JSON into a table without any index: what this server can do at best. */
export function rawArm({ pool }: Bed, callers: number, ms: number): Promise<number> {
  const query = { name: "raw_insert", text: "INSERT INTO raw (data) VALUES ($1)" };
  return rateFor(ms, callers, (_, n) => pool.query({ ...query, values: [JSON.stringify({ ...useEvent(n), metadata: metadata() })] }));
}

/** Appends of `size` events with an expected version, each caller on a stream of its own; events per second. */
export async function appendArm({ store }: Bed, callers: number, ms: number, size = 1): Promise<number> {
  const streams = Array.from({ length: callers }, () => `bench-${randomUUID()}`);
  const appends = await rateFor(ms, callers, (caller, n) => {
    const events = Array.from({ length: size }, (_, index) => useEvent(n * size + index));
    return store.append(streams[caller] ?? "", n * size, events, metadata());
  });
  return appends * size;
}

/** All callers send commands to one stream. */
export function hotStreamArm({ store }: Bed, ms: number): Promise<number> {
  const mailbox = new Mailbox<number, number, NewEvent>({
    store,
    decider: { initial: 0, decide: (count, n) => (count < 0 ? [] : [useEvent(n)]), evolve: (count) => count + 1 },
    toNew: (event) => event,
    fromStored: ({ type, data }) => ({ type, data }),
  });
  const stream = `hot-${randomUUID()}`;
  const who: AppendMetadata = metadata();
  return rateFor(ms, CALLERS, (_, n) => mailbox.send(stream, n, who));
}
