import { parseArgs } from "node:util";
import { type ResultRow, writeResultFile } from "../../../deploy/local/results/result-file.js";
import { payees } from "../../support/e2e/documents.js";
import { readyStack } from "../../support/e2e/ready-stack.js";
import { bareArm } from "./bare-arm.js";
import { minedCount, saturate } from "./mined-counter.js";
import { pipelineArm } from "./pipeline-arm.js";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "12" },
    sessions: { type: "string", default: "8" },
    "in-flight": { type: "string", default: "400" },
  },
});
const [rounds, seconds, sessions] = [Number(values.rounds), Number(values.seconds), Number(values.sessions)];
const PLENTY = { RATE_LIMIT_IP: "100000:1000000", RATE_LIMIT_CREDENTIAL: "100000:1000000", RATE_LIMIT_ACCOUNT: "100000:1000000" };

const median = (figures: readonly number[]) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
const rounded = (figure: number) => Math.round(figure * 1_000) / 1_000;

const stack = await readyStack({ extra: { gateway: PLENTY }, logLevel: "warn" });
try {
  const { client, token } = stack.world;
  // The node's own block limit would bind the bare loop before its CPU does.
  await client.request({ method: "evm_setBlockGasLimit", params: ["0x3b9aca00"] } as never);
  const arms = { pipeline: await pipelineArm(stack, sessions), bare: await bareArm(stack, sessions) };
  const mined = () => minedCount(client, token, payees(stack.world)[0]);
  const options = { seconds, inFlight: Number(values["in-flight"]), senders: 32, mined };
  const seen: { pipeline: number[]; bare: number[] } = { pipeline: [], bare: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const arm of ["pipeline", "bare"] as const) seen[arm].push(await saturate(options, arms[arm]));
    console.log(`round ${round}: pipeline ${seen.pipeline.at(-1)?.toFixed(1)}/s, bare ${seen.bare.at(-1)?.toFixed(1)}/s`);
  }
  const ratio = median(seen.pipeline.map((rate, round) => rate / (seen.bare[round] ?? Number.NaN)));
  const note = `POST /v1/executions; ${rounds} interleaved rounds of ${seconds} s saturated, ${sessions} sessions, blocks of 1 s`;
  const rows: ResultRow[] = [
    { name: "pipeline_ratio", value: rounded(ratio), unit: "ratio", bar: 0.25, rounds, note },
    { name: "pipeline_mined", value: rounded(median(seen.pipeline)), unit: "per_s", rounds },
    {
      name: "bare_mined",
      value: rounded(median(seen.bare)),
      unit: "per_s",
      rounds,
      note: "own counter, local signatures, sendRawTransaction",
    },
  ];
  for (const { name, value, unit, bar } of rows)
    console.log(`${name.padEnd(16)} ${value} ${unit}${bar === undefined ? "" : `  goal ${bar}`}`);
  if (values.json !== undefined) writeResultFile(values.json, { suite: "pipeline", rows });
} finally {
  await stack.stop();
}
