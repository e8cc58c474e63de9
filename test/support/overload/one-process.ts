import "reflect-metadata";
import { writeFileSync } from "node:fs";
import { service as gateway } from "../../../services/gateway/src/service.js";
import { service as lifeline } from "../../../services/lifeline/src/service.js";
import { startService } from "../../../services/platform/src/runtime/start-service.js";

/**
 * The control arm: lifeline's own handler inside the gateway's process, as if the emergency path were one more route of it. The gateway's
 * variables are this process's own, or OVERLOAD_GATEWAY (JSON); lifeline's are OVERLOAD_LIFELINE (JSON), without which it is not there.
 * OVERLOAD_DEPLOYMENT (JSON) is written to lifeline's DEPLOYMENT_FILE where no volume brings it.
 */
const environment = (text: string): Record<string, string> => JSON.parse(text);
const { OVERLOAD_GATEWAY: own, OVERLOAD_LIFELINE: inside, OVERLOAD_DEPLOYMENT: deployment } = process.env;
await startService(gateway, { env: own === undefined ? process.env : environment(own) });
if (inside !== undefined) {
  const env = environment(inside);
  if (deployment !== undefined) writeFileSync(env.DEPLOYMENT_FILE ?? "", deployment);
  await startService(lifeline, { env });
}
console.log("listening");
