import "reflect-metadata";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { runService } from "#platform/runtime/run-service.js";
import { lifelineConfig } from "./config.js";
import { createApplication } from "./http-application.js";

await runService({
  name: "lifeline",
  config: lifelineConfig,
  capabilities: { emergency: { downWhen: [] } },
  http: {
    listen: ({ httpListen }) => httpListen,
    create: (runtime) => {
      const { deploymentFile, rpcUrls, maxCloseValue } = runtime.config;
      const { chainId, module } = readDeployment(deploymentFile);
      return createApplication({ destination: { chainId, module, maxValue: maxCloseValue }, rpcUrls, clock: runtime.clock }, runtime);
    },
  },
});
