import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { startChild, stopChild } from "../../../deploy/local/child.js";

/** Bytes that are always left to the machine that the node shares. */
export const LEFT_TO_THE_MACHINE = 3 * 2 ** 30;

/** Holds as many mebibytes as the last line it was sent says, and says so; the first to go should the machine itself run out. */
const HOG = `
require("node:fs").writeFileSync("/proc/self/oom_score_adj", "1000");
const held = [];
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  while (held.length * 64 < Number(line)) held.push(Buffer.alloc(64 * 2 ** 20, 1));
  console.log(held.length * 64);
}).on("close", () => process.exit(0));
`;

/** A program on the node, outside of every pod, that takes memory. */
export class MemoryHog {
  private held = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static start(): MemoryHog {
    const child = startChild(process.execPath, ["-e", HOG], { stdio: ["pipe", "pipe", "inherit"] });
    if (child.stdout === null) throw new Error("the program that takes memory says nothing");
    const lines: Interface = createInterface({ input: child.stdout });
    return new MemoryHog(child, lines[Symbol.asyncIterator]());
  }

  /** Takes so many bytes more. @throws Error when that would leave too little to the machine */
  async take(bytes: number): Promise<void> {
    const free = available();
    if (free - bytes < LEFT_TO_THE_MACHINE)
      throw new Error(`taking ${mebi(bytes)} of ${mebi(free)} MiB would leave too little to the machine`);
    this.held += Math.max(64, mebi(bytes));
    this.child.stdin?.write(`${this.held}\n`);
    const { done } = await this.lines.next();
    if (done === true) throw new Error("the program that takes memory has ended");
  }

  end(): Promise<void> {
    return stopChild(this.child, "SIGKILL");
  }
}

const mebi = (bytes: number) => Math.ceil(bytes / 2 ** 20);

/** Bytes that the machine could give without swapping, as Linux counts them. */
function available(): number {
  const [, kibi = "0"] = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return Number(kibi) * 1_024;
}
