import { spawn } from "node:child_process";
import { z } from "zod";
import type { Cluster } from "./cluster.js";
import type { Calls } from "./steady-callers.js";
import { startStranger } from "./stranger.js";

const callsSchema = z.object({ made: z.number(), failed: z.array(z.string()) });

/** Runs inside a pod: asks for calldata once a second, each time on a new connection, until its input ends; then prints what came of it. */
const CALLER = `
const url = "http://interlock-lifeline:8080/emergency/calldata/0x" + "00".repeat(19) + "01";
let stopped = false, made = 0; const failed = [];
process.stdin.resume(); process.stdin.once("end", () => { stopped = true; });
(async () => {
  while (!stopped) {
    const pause = new Promise((resolve) => setTimeout(resolve, 1000));
    made += 1;
    try {
      const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(10000) });
      const { calls } = await answer.json();
      if (answer.status !== 200 || calls.length < 2) failed.push("status " + answer.status);
    } catch (error) { failed.push(error.message + " " + (error.cause?.code ?? "")); }
    await pause;
  }
  console.log(JSON.stringify({ made, failed }));
})();
`;

/** Calls the emergency path from another pod through its Service, as long as it is not stopped. */
export async function callEmergencyFromInside(cluster: Cluster, image: string): Promise<{ stop(): Promise<Calls> }> {
  const pod = await startStranger(cluster, image);
  const args = ["--namespace", cluster.namespace, "exec", "-i", pod, "--", "node", "-e", CALLER];
  const child = spawn("kubectl", args, { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    async stop() {
      child.stdin.end();
      await ended;
      return callsSchema.parse(JSON.parse(said));
    },
  };
}
