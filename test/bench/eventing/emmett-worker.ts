import { randomUUID } from "node:crypto";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import { useEvent } from "./arms.js";
import { rateFor } from "./measure.js";

/** What the parent asks for: one round, or the end. */
export type EmmettOrder = { readonly callers: number; readonly ms: number } | "end";

/** emmett's store in a process of its own, because loading it changes how `pg` parses numbers. */
async function main(url: string): Promise<void> {
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  process.on("message", (order: EmmettOrder) => {
    if (order === "end") process.exit(0);
    void round(order.callers, order.ms).then((rate) => process.send?.(rate));
  });
  process.send?.("ready");

  async function round(callers: number, ms: number): Promise<number> {
    const streams = Array.from({ length: callers }, () => `bench-${randomUUID()}`);
    return rateFor(ms, callers, (caller, n) => {
      const { type, data } = useEvent(n);
      const expected = n === 0 ? ("STREAM_DOES_NOT_EXIST" as const) : BigInt(n);
      return store.appendToStream(streams[caller] ?? "", [{ type, data }], { expectedStreamVersion: expected });
    });
  }
}

const [url] = process.argv.slice(2);
if (url !== undefined) await main(url);
