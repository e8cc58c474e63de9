import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeExport } from "../../../clients/audit-verify/src/application/write-export.js";
import { signCheckpoint } from "../../../services/platform/src/transparency-log/checkpoint.js";
import { CompactRange } from "../../../services/platform/src/transparency-log/compact-range.js";
import { leafHash } from "../../../services/platform/src/transparency-log/hash.js";
import { logSigner, ORIGIN } from "../../support/audit/made-log.js";
import { median } from "../eventing/measure.js";
import type { Report } from "../eventing/report.js";
import { EventSource } from "./made-events.js";

interface Arm {
  /** Seconds of CPU, user and system. */
  readonly cpu: number;
  readonly rssMib: number;
}

const program = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const arm = (name: string, folder: string): Arm =>
  JSON.parse(execFileSync(process.execPath, [program(name), folder], { encoding: "utf8" })) as Arm;

/** CPU of a full verification against that of one SHA-256 over the same files, in turns, each in a process of its own. */
export async function measureVerify(report: Report, rounds: number, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "interlock-bench-verify-"));
  try {
    const size = await writeLog(folder, count);
    const flags = /^flags\s*:(.*)$/m
      .exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]
      ?.split(" ")
      .filter((flag) => /^(sha_ni|avx2|avx512f|aes)$/.test(flag));
    const note = `${count} entries, ${Math.round(size / count)} bytes each; CPU has ${flags?.join(" ")}`;
    const [ratios, rss]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const [hashed, verified] = [arm("sha256-arm", folder), arm("verify-arm", folder)];
      ratios.push(verified.cpu / hashed.cpu);
      rss.push(verified.rssMib);
    }
    report.add({ name: "verify_ratio", value: median(ratios), unit: "of one SHA-256", bar: 2.5, rounds, note });
    report.add({ name: "verify_rss_mib", value: Math.max(...rss), unit: "MiB", bar: 150, rounds });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes an honest export of a log of `count` entries, unpacked; returns the bytes of its events. */
async function writeLog(folder: string, count: number): Promise<number> {
  const range = new CompactRange();
  const hashing = new EventSource();
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const event = hashing.next();
    bytes += event.length + 1;
    range.appendLeaf(leafHash(event));
  }
  const checkpoint = signCheckpoint({ origin: ORIGIN, size: count, root: range.root() }, [logSigner]);
  const proof = { begin: 0, end: count, size: count, left: [], right: [] };
  await writeExport(folder, { origin: ORIGIN, lines: linesOf(count), proof, checkpoint, keys: [logSigner.verifier.text], plain: true });
  return bytes;
}

async function* linesOf(count: number): AsyncGenerator<Buffer> {
  const source = new EventSource();
  const newline = Buffer.from("\n");
  for (let at = 0; at < count; at += 500) {
    yield Buffer.concat(Array.from({ length: Math.min(500, count - at) }, () => [source.next(), newline]).flat());
  }
}
