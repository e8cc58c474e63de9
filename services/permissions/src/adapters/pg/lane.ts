import { runDetached } from "#platform/grpc/request-context.js";
import type { CommandOrigin, CommandResult, StreamPosition } from "../../application/session-stream.js";
import type { SessionCommand } from "../../domain/session-command.js";

/** One command that waits for its stream. */
export interface Job {
  readonly command: SessionCommand;
  readonly origin: CommandOrigin;
  /** W3C trace context of whoever commands: the group may be appended in another's. */
  readonly traceparent: string | undefined;
  resolve(result: CommandResult): void;
  reject(error: unknown): void;
}

/** Most commands decided and appended together. */
const GROUP = 256;

/** The queue of one stream inside this process, with what it last knew of the stream. */
export class Lane {
  readonly #urgent: Job[] = [];
  readonly #waiting: Job[] = [];
  #looking: Promise<StreamPosition> | undefined;
  #next: Promise<StreamPosition> | undefined;
  known: StreamPosition = { state: { phase: "none" }, version: 0 };
  running = false;

  get length(): number {
    return this.#urgent.length + this.#waiting.length;
  }

  push(job: Job, urgent: boolean): void {
    (urgent ? this.#urgent : this.#waiting).push(job);
  }

  /** The next group: every urgent command first, then as many of the others as fit. */
  take(): Job[] {
    const urgent = this.#urgent.splice(0, GROUP);
    return [...urgent, ...this.#waiting.splice(0, GROUP - urgent.length)];
  }

  /**
   * The stream as it stood at some moment after this call. Callers that come while a look is under way share the next one: the one that
   * began before they asked may have missed what they want to see.
   */
  look(read: () => Promise<StreamPosition>): Promise<StreamPosition> {
    if (this.#looking === undefined) return this.#begin(read);
    this.#next ??= this.#looking.then(
      () => this.#begin(read),
      () => this.#begin(read),
    );
    return this.#next;
  }

  #begin(read: () => Promise<StreamPosition>): Promise<StreamPosition> {
    this.#next = undefined;
    const looking = runDetached(read).finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }

  /** Keeps the newer knowledge: a slow read must not take back what an append has taught. */
  learn(position: StreamPosition): void {
    if (position.version > this.known.version) this.known = position;
  }
}
