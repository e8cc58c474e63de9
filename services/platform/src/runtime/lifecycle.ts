import type { Logger } from "../logging/logger.js";
import type { Hook } from "./service-runtime.js";

interface NamedHook {
  readonly name: string;
  readonly hook: Hook;
}

/** Most milliseconds one hook may take before the stop goes on without it. */
const HOOK_LIMIT_MS = 10_000;

/** Hooks of the graceful stop. A hook that fails or hangs is logged and left behind: a stop always ends. */
export class Lifecycle {
  private readonly stopping: NamedHook[] = [];
  private readonly closing: NamedHook[] = [];

  constructor(
    private readonly logger: Logger,
    private readonly limitMs = HOOK_LIMIT_MS,
  ) {}

  onStop(name: string, hook: Hook): void {
    this.stopping.push({ name, hook });
  }

  onClosed(name: string, hook: Hook): void {
    this.closing.push({ name, hook });
  }

  /** Stop hooks, all at once: they are independent, and the clock of the pod's grace is running. */
  async stop(): Promise<void> {
    await Promise.all(this.stopping.splice(0).map((entry) => this.run(entry)));
  }

  /** Close hooks, last registered first. */
  async close(): Promise<void> {
    for (const entry of this.closing.splice(0).reverse()) await this.run(entry);
  }

  private async run({ name, hook }: NamedHook): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${this.limitMs} ms`)), this.limitMs);
    });
    try {
      await Promise.race([Promise.resolve().then(hook), limit]);
    } catch (err) {
      this.logger.error({ err, hook: name }, "a stop hook failed");
    } finally {
      clearTimeout(timer);
    }
  }
}
