import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { TransitAnswer, TransitRequest, TransitTransport } from "../../../services/vault/src/signer-core/providers/transit-client.js";

interface Recording {
  /** What answered when it was recorded. */
  readonly server: string;
  readonly exchanges: readonly { readonly request: TransitRequest; readonly answer: TransitAnswer }[];
}

/**
 * Plays a recording: each request must be the next one of it, word for word.
 * @throws Error for a request that was not recorded at this place
 */
export function playback(file: string): TransitTransport {
  if (!existsSync(file)) throw new Error(`${file} is not there: record it against a live server first`);
  const { exchanges }: Recording = JSON.parse(readFileSync(file, "utf8"));
  let next = 0;
  return async (request) => {
    const recorded = exchanges[next];
    if (JSON.stringify(recorded?.request) !== JSON.stringify(request)) {
      throw new Error(`exchange ${next} was recorded as ${JSON.stringify(recorded?.request)}, and is ${JSON.stringify(request)}`);
    }
    next += 1;
    return recorded?.answer ?? { status: 0, body: null };
  };
}

/** Asks a live server and keeps what was said. */
export function recorder(live: TransitTransport, server: string): { readonly send: TransitTransport; save(file: string): void } {
  const exchanges: { request: TransitRequest; answer: TransitAnswer }[] = [];
  return {
    send: async (request) => {
      const answer = await live(request);
      exchanges.push({ request, answer });
      return answer;
    },
    save: (file) => writeFileSync(file, `${JSON.stringify({ server, exchanges } satisfies Recording, null, 1)}\n`),
  };
}
