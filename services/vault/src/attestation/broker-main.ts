import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { systemClock } from "#platform/kernel/clock.js";
import { brokerServer } from "./broker-server.js";
import { KekBroker } from "./kek-broker.js";

/** The broker as a program: `--ring FILE --policy FILE [--listen 127.0.0.1:8400]`; production unless the policy says development. */
const policySchema = z.strictObject({
  mode: z.enum(["production", "development"]).default("production"),
  devRoot: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  measurements: z.array(z.record(z.string().regex(/^[0-9]{1,2}$/), z.string().regex(/^[0-9a-f]{96}$/))).min(1),
});

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { ring: text, policy: text, listen: { ...text, default: "127.0.0.1:8400" } } });
const { ring, policy } = z.object({ ring: z.string(), policy: z.string() }).parse(values);
const broker = new KekBroker({
  ...policySchema.parse(JSON.parse(readFileSync(policy, "utf8"))),
  clock: systemClock,
  ring: () => readFileSync(ring, "utf8"),
  record: (outcome) => process.stdout.write(`${JSON.stringify({ level: "info", msg: "kek-broker", ...outcome })}\n`),
});
const [host = "127.0.0.1", port = "8400"] = values.listen.split(":");
brokerServer(broker).listen(Number(port), host, () => process.stdout.write("ready\n"));
