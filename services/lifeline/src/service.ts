import { getAddress } from "viem";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { readKeyedUrls } from "./adapters/keyed-urls.js";
import { RpcFleet } from "./adapters/rpc-fleet.js";
import { Sponsor } from "./adapters/sponsor.js";
import { readSponsorKey } from "./adapters/sponsor-key.js";
import type { LifelineParts } from "./app.module.js";
import { EmergencyService } from "./application/emergency.service.js";
import { SelfTest } from "./application/self-test.js";
import { SponsorService } from "./application/sponsor.service.js";
import { type Config, configDefinition } from "./config.js";
import { createApplication } from "./http-application.js";
import { keepTesting } from "./keep-testing.js";

/** The emergency path: what runs and what it needs, which is one RPC. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "lifeline",
  config: configDefinition,
  capabilities: { emergency: { downWhen: [] } },
  http: {
    listen: ({ httpListen }) => httpListen,
    create: (runtime) => createApplication(assemble(runtime), runtime),
  },
};

function assemble(runtime: ServiceRuntime<Config>): LifelineParts {
  const { config, clock, capabilities, logger } = runtime;
  const { chainId, module } = readDeployment(config.deploymentFile);
  const destination = { chainId, module: getAddress(module), maxValue: config.maxCloseValue };
  const chain = new RpcFleet([...readKeyedUrls(config.keyedRpcUrlsFile, logger), ...config.rpcUrls]);
  const emergency = new EmergencyService(chain, destination, clock, capabilities);
  const key = readSponsorKey(config.sponsorKeyFile, logger);
  const { maxSponsorCost: maxCost } = config;
  const sponsor = key === undefined ? undefined : new Sponsor(chain, { key, chainId, maxCost });
  const sponsoring = new SponsorService(chain, destination, clock, capabilities, sponsor);
  const selfTest = new SelfTest({ chain, emergency, destination, clock, account: config.selfTestAccount });
  keepTesting(runtime, { selfTest, sponsor, everyMs: config.selfTestSeconds * 1_000 });
  return { destination, chain, clock, rateLimit: config.rateLimit, capabilities, emergency, sponsoring, selfTest };
}
