import type { CheckpointRepository } from "../adapters/checkpoint-repository.js";
import type { Reader } from "../domain/entry.js";
import { withheldLine } from "./event-lines.js";
import { MAX_PAGE, type Reading } from "./reading.js";

/** How often the stream looks for more, in milliseconds. */
const LOOK_MS = 250;

export interface FrameOptions {
  readonly reading: Reading;
  readonly checkpoints: Pick<CheckpointRepository, "newest">;
  readonly reader: Reader;
  readonly from: bigint;
  readonly signal: AbortSignal;
  /** Told after each batch: entries [from, to) went out. */
  readonly onRead: (from: bigint, to: bigint) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const dataLines = (text: string) =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `data: ${line}\n`)
    .join("");

/** Server-sent events of the log from `from` on: `audit` with the index as id, `checkpoint` whenever one covers what went before. */
export async function* eventFrames(options: FrameOptions): AsyncGenerator<string> {
  const { reading, checkpoints, reader, signal } = options;
  yield "retry: 1000\n\n";
  let at = options.from;
  let told = -1;
  while (!signal.aborted) {
    const { entries, next } = await reading.page(reader, at, MAX_PAGE);
    if (entries.length > 0) {
      const frames = entries.map(({ logIndex, bytes, withheld, leafHash }) => {
        const line = withheld ? withheldLine(logIndex, leafHash) : bytes.toString("utf8");
        return `id: ${logIndex}\nevent: audit\ndata: ${line}\n\n`;
      });
      yield frames.join("");
      options.onRead(at, next);
      at = next;
      continue;
    }
    const checkpoint = await checkpoints.newest();
    if (checkpoint !== undefined && checkpoint.size > told && BigInt(checkpoint.size) <= at) {
      yield `event: checkpoint\n${dataLines(checkpoint.note.toString("utf8"))}\n`;
      told = checkpoint.size;
    }
    await options.pause(LOOK_MS, signal);
  }
}
