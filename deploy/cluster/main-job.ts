import { readFileSync } from "node:fs";
import { runMainJob } from "../../test/support/e2e/main-job.js";
import { forwardPort } from "./forward-port.js";
import { readPublishedWorld } from "./published-world.js";
import { required } from "./required.js";

// The smoke test inside the cluster: log in, generate, arm, use, be refused, disarm, be refused again. Ends with 0 when every step held.
const origin = new URL(required("PUBLIC_ORIGIN"));
const world = readPublishedWorld(readFileSync(required("WORLD_FILE"), "utf8"), required("RPC_URL"));
// Sign-in messages name the public origin: where that is this machine's own loopback, it has to lead to the gateway.
const close = origin.hostname === "127.0.0.1" ? await forwardPort(Number(origin.port), required("GATEWAY")) : () => {};
const began = Date.now();
await runMainJob({ gatewayUrl: origin.origin, world }, (step) => console.log(`${((Date.now() - began) / 1000).toFixed(1)} s  ${step}`));
close();
console.log("the main job is done");
