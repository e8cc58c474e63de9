import { readFile } from "node:fs/promises";
import type { CapabilityRegistry } from "../health/capability-registry.js";
import type { Condition } from "../health/condition.js";
import type { Logger } from "../logging/logger.js";
import { BackgroundLoop } from "../runtime/background-loop.js";
import { parseFloor } from "./floor.js";

const SOURCE = "operator";

export interface OperatorFloorOptions {
  /** A file that may change, come and go while the process runs: a mounted ConfigMap. */
  readonly file: string;
  readonly registry: Pick<CapabilityRegistry, "raise" | "clear">;
  readonly logger: Pick<Logger, "warn">;
  /** Milliseconds between two looks. Default 2,000. */
  readonly everyMs?: number;
}

/**
 * Holds the conditions an operator has set, beside what the process sees itself. A file that is absent sets none; one that is malformed
 * changes nothing and is told of, once per text.
 */
export class OperatorFloor {
  private held: ReadonlySet<Condition> = new Set();
  private seen: string | undefined;
  private readonly loop: BackgroundLoop;

  constructor(private readonly options: OperatorFloorOptions) {
    const onError = (err: unknown) => options.logger.warn({ err }, "the operator's floor cannot be read");
    // Looked at, not watched: a mounted ConfigMap changes by swapping links, which file notifications miss.
    this.loop = new BackgroundLoop({ pauseMs: options.everyMs ?? 2_000, turn: () => this.look(), onError });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async look(): Promise<boolean> {
    const text = await readOptional(this.options.file);
    if (text === this.seen) return false;
    this.seen = text;
    const floor = text === undefined ? { conditions: new Set<Condition>() } : parseFloor(text);
    if ("wrong" in floor)
      this.options.logger.warn({ file: this.options.file, wrong: floor.wrong }, "the operator's floor is kept as it was");
    else this.hold(floor.conditions);
    return false;
  }

  private hold(wanted: ReadonlySet<Condition>): void {
    const { registry } = this.options;
    for (const condition of wanted) if (!this.held.has(condition)) registry.raise(condition, SOURCE, "set by an operator");
    for (const condition of this.held) if (!wanted.has(condition)) registry.clear(condition, SOURCE);
    this.held = wanted;
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
