import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SERVICES } from "../../deploy/local/service-environment.js";
import { stopOnSignals } from "../../deploy/local/stopped-on-signal.js";
import { Client } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { transfer, use } from "../support/e2e/execution.js";
import { grant } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";
import { FuzzProxy } from "./api-fuzz/fuzz-proxy.js";
import { reportOf } from "./api-fuzz/fuzz-report.js";
import { installSchemathesis, runSchemathesis } from "./api-fuzz/schemathesis.js";
import { tracedEvents } from "./api-fuzz/traced-events.js";

stopOnSignals();

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, cases: { type: "string", default: "2000" }, "keep-logs": { type: "string" } },
});
const wanted = Number(values.cases);
/** Cases of one operation in a round; there are some thirty operations, and rounds until there are enough cases. */
const PER_OPERATION = 45;

const program = installSchemathesis(fileURLToPath(new URL("../../../", import.meta.url)));
const unlimited = Object.fromEntries(["IP", "CREDENTIAL", "ACCOUNT"].map((kind) => [`RATE_LIMIT_${kind}`, "99999:999999"]));
const stack = await readyStack({ extra: { gateway: unlimited } });
let failed = true;
try {
  const anybody = new Client(stack.gatewayUrl);
  const safe = await newSafe(stack);
  const [owner] = safe.owners;
  let token = (await signIn(anybody, owner, safe.address)).accessToken;
  const { sessionId } = await grant(stack, anybody.as(token), safe, payments(stack.world, { max: 0 }));
  const action = transfer(stack.world.token, payees(stack.world)[0], USDC);
  const { executionId } = await use(anybody.as(token), sessionId, action);
  const proxy = new FuzzProxy({
    target: stack.gatewayUrl,
    ground: { sessionId, executionId, account: safe.address, owner: owner.address, chainId: 31_337 },
    // A case may be a logout that works.
    async token() {
      const { status } = await anybody.as(token).get("/v1/auth/session");
      if (status === 401) token = (await signIn(anybody, owner, safe.address)).accessToken;
      return token;
    },
  });
  const url = await proxy.listen();
  const started = performance.now();
  let exit = 0;
  for (let round = 0; proxy.cases.length < wanted && exit === 0; round += 1) {
    exit = await runSchemathesis({ program, url, seed: Number(values.seed) + round, cases: PER_OPERATION });
  }
  proxy.close();

  const report = reportOf(proxy.cases, await tracedEvents(stack));
  const rejections = await Promise.all(SERVICES.map((name) => unhandledRejections(stack.settings.ports[name].health)));
  const dead = SERVICES.filter((name) => !stack.process(name).alive());
  console.log(`seed ${values.seed}: ${report.cases} cases in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`statuses ${JSON.stringify(report.statuses)}`);
  console.log(`answers of 5xx: ${report.serverErrors.length}`);
  for (const one of report.serverErrors.slice(0, 10)) console.log(`  ${one.method} ${one.path}: ${one.status}, trace ${one.traceId}`);
  const unhandled = rejections.reduce((sum, count) => sum + count, 0);
  console.log(`unhandled rejections: ${unhandled}, services that ended: ${dead.length}`);
  console.log(`partial writes: ${report.partialWrites.length} (accepted requests left ${report.acceptedWrites} events)`);
  for (const line of report.partialWrites.slice(0, 10)) console.log(`  ${line}`);
  const clean = report.serverErrors.length + report.partialWrites.length + unhandled + dead.length === 0;
  failed = !clean || exit !== 0 || report.cases < wanted || report.acceptedWrites === 0;
} finally {
  if (values["keep-logs"] !== undefined) stack.keepLogs(values["keep-logs"]);
  await stack.stop();
}
process.exit(failed ? 1 : 0);

async function unhandledRejections(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^unhandled_rejections_total(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}
