import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { until } from "../e2e/until.js";
import type { Cluster } from "./cluster.js";

const beatSchema = z.object({
  /** Answers since it began. */
  answered: z.number(),
  /** The connection it opened at the beginning was ended. */
  closed: z.boolean(),
  /** What became of a new connection just now. */
  fresh: z.enum(["open", "refused", "silent"]),
});
export type Beat = z.infer<typeof beatSchema>;

/** What is spoken over the connection that stays open. */
export type Protocol = "postgres" | "kafka" | "http";

/** Runs inside a pod: one connection that asks four times a second, and a new one each second; says what became of both. */
const HEART = `
const net = require("node:net");
const [protocol, host, port] = process.argv.slice(1);
let answered = 0, closed = false;
const raw = (bytes) => {
  const socket = net.connect({ host, port: Number(port) });
  socket.on("data", () => { answered += 1; });
  socket.on("error", () => {});
  socket.on("close", () => { closed = true; });
  setInterval(() => { if (!closed) socket.write(bytes); }, 250);
};
const postgres = async () => {
  const { Client } = require("pg");
  const url = new URL(require("node:fs").readFileSync(process.env.DATABASE_URL_FILE, "utf8").trim());
  url.hostname = host; url.port = port;
  const client = new Client({ connectionString: url.href });
  client.on("error", () => { closed = true; });
  client.on("end", () => { closed = true; });
  await client.connect();
  let asking = false;
  setInterval(() => {
    if (asking || closed) return;
    asking = true;
    client.query("SELECT 1").then(() => { answered += 1; asking = false; }, () => { closed = true; });
  }, 250);
};
const fresh = () => new Promise((resolve) => {
  const socket = net.connect({ host, port: Number(port) });
  const end = (what) => { socket.destroy(); resolve(what); };
  socket.setTimeout(1500, () => end("silent"));
  socket.once("connect", () => end("open"));
  socket.once("error", () => end("refused"));
});
const beat = async () => { console.log(JSON.stringify({ answered, closed, fresh: await fresh() })); setTimeout(beat, 500); };
if (protocol === "postgres") postgres().then(beat);
else { raw(protocol === "kafka" ? Buffer.from("0000000a00120000000000 01ffff".replace(" ", ""), "hex") : "GET /livez HTTP/1.1\\r\\nhost: heart\\r\\n\\r\\n"); beat(); }
process.stdin.resume(); process.stdin.once("end", () => process.exit(0));
`;

/** A connection from inside a pod that is watched while faults come and go. */
export class Heartbeat {
  private last: Beat | undefined;
  private constructor(private readonly stopChild: () => void) {}

  /** Opens it; resolves once the other side answered. */
  static async from(cluster: Cluster, pod: string, protocol: Protocol, host: string, port: number): Promise<Heartbeat> {
    const args = ["--namespace", cluster.namespace, "exec", "-i", pod, "--", "node", "-e", HEART, "--", protocol, host, String(port)];
    const child = spawn("kubectl", args, { stdio: ["pipe", "pipe", "inherit"] });
    const heart = new Heartbeat(() => child.stdin.end());
    createInterface({ input: child.stdout }).on("line", (line) => {
      heart.last = beatSchema.parse(JSON.parse(line));
    });
    await heart.says("answers", ({ answered, fresh }) => answered > 0 && fresh === "open");
    return heart;
  }

  /** Waits until `holds` of what it says. */
  async says(what: string, holds: (beat: Beat) => boolean): Promise<Beat> {
    return until(`the connection ${what}`, async () => (this.last !== undefined && holds(this.last) ? this.last : undefined), 20_000);
  }

  /** Waits until two beats apart by at least `forMs` show no new answer while the connection stays open and a new one gets none. */
  async isBlackholed(forMs = 3_000): Promise<void> {
    const before = await this.says("is silent", ({ fresh }) => fresh === "silent");
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const after = await this.says("is still silent", ({ fresh }) => fresh === "silent");
    if (after.answered !== before.answered || after.closed) throw new Error(`no blackhole: ${JSON.stringify({ before, after })}`);
  }

  /** Waits until the open connection was ended and a new one is refused. */
  async isRefused(): Promise<void> {
    await this.says("is reset, and new ones are refused", ({ closed, fresh }) => closed && fresh === "refused");
  }

  stop(): void {
    this.stopChild();
  }
}
