import type { KeyObject } from "node:crypto";
import { sourceOf } from "#platform/event-store/cloud-event.js";
import type { Trust } from "#platform/service-auth/trust.js";
import { chainKey } from "#platform/transparency-log/producer-chain.js";

/** Keys that sign what each producer publishes: those it shows itself to its peers with. */
export function producerKeys({ callers }: Trust): ReadonlyMap<string, readonly KeyObject[]> {
  return new Map(Object.entries(callers).map(([name, { keys }]) => [sourceOf(name), keys.map(chainKey)]));
}
