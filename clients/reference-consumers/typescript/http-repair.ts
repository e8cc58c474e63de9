import type { Repair } from "./audit-copy.js";

/** Entries over HTTP: `GET /v1/audit/events?from=&to=` gives them as NDJSON, byte for byte as on the topic. */
export function httpRepair(base: string, token: string): Repair {
  return async function* (from, to) {
    const url = new URL(`/v1/audit/events?from=${from}&to=${to}`, base);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (response.status === 410) throw new Error(`entries before ${await firstThere(response)} were deleted: ask for an export`);
    if (!response.ok || response.body === null) throw new Error(`the log answered ${response.status}`);
    let rest = Buffer.alloc(0);
    for await (const chunk of response.body) {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
        yield rest.subarray(0, end);
        rest = rest.subarray(end + 1);
      }
    }
  };
}

async function firstThere(response: Response): Promise<string> {
  const [, first = "?"] = /"first":"([0-9]+)"/.exec(await response.text()) ?? [];
  return first;
}
