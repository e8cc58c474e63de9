import { parseArgs } from "node:util";
import { type ResultRow, writeResultFile } from "../../../deploy/local/results/result-file.js";
import { SERVICES } from "../../../deploy/local/service-environment.js";
import { stopOnSignals } from "../../../deploy/local/stopped-on-signal.js";
import { payees } from "../../support/e2e/documents.js";
import { readyStack } from "../../support/e2e/ready-stack.js";
import { bareArm } from "./bare-arm.js";
import { minedCount } from "./mined-counter.js";
import { pipelineArm } from "./pipeline-arm.js";
import { resultRows, type SeenRound } from "./result-rows.js";
import { runRound } from "./run-round.js";

stopOnSignals();

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "12" },
    sessions: { type: "string", default: "8" },
    "in-flight": { type: "string", default: "400" },
    "bare-in-flight": { type: "string", default: "2000" },
    ramp: { type: "string", default: "4" },
    "warm-up": { type: "string", default: "5" },
    profile: { type: "string" },
  },
});
const [rounds, seconds, sessions] = [Number(values.rounds), Number(values.seconds), Number(values.sessions)];
const PLENTY = { RATE_LIMIT_IP: "100000:1000000", RATE_LIMIT_CREDENTIAL: "100000:1000000", RATE_LIMIT_ACCOUNT: "100000:1000000" };

/** With `--profile FOLDER` every service writes a V8 CPU profile there when it stops. */
const profiled = values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` };
const extra = Object.fromEntries(SERVICES.map((name) => [name, name === "gateway" ? { ...PLENTY, ...profiled } : profiled]));

const stack = await readyStack({ extra, logLevel: "warn" });
try {
  const { client, token } = stack.world;
  // The node's own block limit would bind the bare loop before its CPU does.
  await client.request({ method: "evm_setBlockGasLimit", params: ["0x3b9aca00"] } as never);
  const arms = { pipeline: await pipelineArm(stack, sessions), bare: await bareArm(stack, sessions) };
  const mined = () => minedCount(client, token, payees(stack.world)[0]);
  const load = { rampSeconds: Number(values.ramp), seconds, senders: 32, mined };
  // With blocks of 1 s an arm cannot have more mined per second than it may have in flight: the bare loop needs more room than the pipeline.
  const loads = {
    pipeline: { ...load, inFlight: Number(values["in-flight"]) },
    bare: { ...load, inFlight: Number(values["bare-in-flight"]) },
  };
  for (const arm of ["pipeline", "bare"] as const) await runRound({ ...loads[arm], seconds: Number(values["warm-up"]) }, arms[arm]);
  const seen: SeenRound[] = [];
  for (let round = 1; round <= rounds; round++) {
    const both = { pipeline: await runRound(loads.pipeline, arms.pipeline), bare: await runRound(loads.bare, arms.bare) };
    seen.push(both);
    console.log(`round ${round}: pipeline ${both.pipeline.rate.toFixed(1)}/s, bare ${both.bare.rate.toFixed(1)}/s`);
  }
  const about = `POST /v1/executions; ${rounds} interleaved rounds of ${seconds} s saturated, ${sessions} sessions, blocks of 1 s`;
  const rows: readonly ResultRow[] = resultRows(seen, about);
  for (const { name, value, unit, bar } of rows)
    console.log(`${name.padEnd(22)} ${value} ${unit}${bar === undefined ? "" : `  goal ${bar}`}`);
  if (values.json !== undefined) writeResultFile(values.json, { suite: "pipeline", rows });
} finally {
  await stack.stop();
}
