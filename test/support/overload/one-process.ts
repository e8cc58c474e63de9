import "reflect-metadata";
import { service as gateway } from "../../../services/gateway/src/service.js";
import { service as lifeline } from "../../../services/lifeline/src/service.js";
import { startService } from "../../../services/platform/src/runtime/start-service.js";

/** The control arm: lifeline's own handler inside the gateway's process, as if the emergency path were one more route of it. */
const environment = (name: string): Record<string, string> => JSON.parse(process.env[name] ?? "{}");
await startService(gateway, { env: environment("OVERLOAD_GATEWAY") });
if (process.env.OVERLOAD_LIFELINE !== undefined) await startService(lifeline, { env: environment("OVERLOAD_LIFELINE") });
console.log("listening");
