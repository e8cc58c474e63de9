import { getAddress } from "viem";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { readKeyedUrls } from "./adapters/keyed-urls.js";
import { configDefinition } from "./config.js";
import { createApplication } from "./http-application.js";

/** The emergency path: what runs and what it needs, which is one RPC. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "lifeline",
  config: configDefinition,
  capabilities: { emergency: { downWhen: [] } },
  http: {
    listen: ({ httpListen }) => httpListen,
    create: (runtime) => {
      const { deploymentFile, keyedRpcUrlsFile, maxCloseValue } = runtime.config;
      const rpcUrls = [...readKeyedUrls(keyedRpcUrlsFile, runtime.logger), ...runtime.config.rpcUrls];
      const { chainId, module } = readDeployment(deploymentFile);
      const destination = { chainId, module: getAddress(module), maxValue: maxCloseValue };
      return createApplication({ destination, rpcUrls, clock: runtime.clock }, runtime);
    },
  },
};
