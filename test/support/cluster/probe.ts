import { z } from "zod";
import type { Cluster } from "./cluster.js";

const answers = z.record(z.string(), z.boolean());

/** Runs inside a pod: connects to every address given, and prints which answered. Dropped packets and refusals both count as no. */
const PROBE = `
const { connect } = require("node:net");
const targets = process.argv.slice(1);
const tried = targets.map(async (target) => {
  const [host, port] = target.split(":");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (open) => { socket.destroy(); resolve([target, open]); };
    socket.setTimeout(4000, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
});
Promise.all(tried).then((all) => { console.log(JSON.stringify(Object.fromEntries(all))); process.exit(0); });
`;

/** Which of `targets` (`address:port`) a TCP connection from inside `pod` reaches. */
export async function reachableFrom(cluster: Cluster, pod: string, targets: readonly string[]): Promise<Readonly<Record<string, boolean>>> {
  const said = await cluster.kubectl("exec", pod, "--", "node", "-e", PROBE, "--", ...targets);
  return answers.parse(JSON.parse(said));
}
