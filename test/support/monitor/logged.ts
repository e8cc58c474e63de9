import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../../services/platform/src/kernel/json.js";

let sequence = 0;

/** An entry of the audit log as a consumer gets it. */
export function logged(type: string, chainId: number, account: string, data: JsonObject): { readonly value: Buffer } {
  sequence += 1;
  const event = {
    specversion: "1.0",
    id: randomUUID(),
    source: "urn:interlock:test",
    type,
    sequence: String(sequence).padStart(20, "0"),
    partitionkey: `${chainId}:${account.toLowerCase()}`,
    data: { account: account.toLowerCase(), chainId: String(chainId), ...data },
  };
  return { value: Buffer.from(JSON.stringify(event)) };
}
