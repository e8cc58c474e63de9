import { existsSync, readFileSync, writeFileSync } from "node:fs";

interface Recording<Request, Answer> {
  /** What answered when it was recorded. */
  readonly server: string;
  readonly exchanges: readonly { readonly request: Request; readonly answer: Answer }[];
}

/**
 * Plays a recording: each request must be the next one of it, word for word.
 * @throws Error for a request that was not recorded at this place
 */
export function playback<Request, Answer>(file: string): (request: Request) => Promise<Answer> {
  if (!existsSync(file)) throw new Error(`${file} is not there: record it against a live server first`);
  const { exchanges }: Recording<Request, Answer> = JSON.parse(readFileSync(file, "utf8"));
  let next = 0;
  return async (request) => {
    const recorded = exchanges[next];
    if (recorded === undefined || JSON.stringify(recorded.request) !== JSON.stringify(request)) {
      throw new Error(`exchange ${next} was recorded as ${JSON.stringify(recorded?.request)}, and is ${JSON.stringify(request)}`);
    }
    next += 1;
    return recorded.answer;
  };
}

/** Asks a live server and keeps what was said. */
export function recorder<Request, Answer>(live: (request: Request) => Promise<Answer>, server: string) {
  const exchanges: { request: Request; answer: Answer }[] = [];
  return {
    send: async (request: Request): Promise<Answer> => {
      const answer = await live(request);
      exchanges.push({ request, answer });
      return answer;
    },
    save: (file: string): void =>
      writeFileSync(file, `${JSON.stringify({ server, exchanges } satisfies Recording<Request, Answer>, null, 1)}\n`),
  };
}
