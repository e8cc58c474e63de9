import { deniedBy } from "#platform/degradation/ladder.js";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { AuditMarks } from "#platform/personal-data/audit-marks.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import { ViemChainReader } from "./adapters/chain/viem-chain-reader.js";
import { PgAccountStore } from "./adapters/postgres/pg-account-store.js";
import { PgAgentStore } from "./adapters/postgres/pg-agent-store.js";
import { PgCollectionStore } from "./adapters/postgres/pg-collection-store.js";
import { PgLoginStore } from "./adapters/postgres/pg-login-store.js";
import { PgNonceStore } from "./adapters/postgres/pg-nonce-store.js";
import { PgSubjectKeys } from "./adapters/postgres/pg-subject-keys.js";
import { startSweeper } from "./adapters/sweeper.js";
import { EddsaTokenSigner } from "./adapters/tokens/eddsa-token-signer.js";
import { authModule } from "./app.module.js";
import { type AuthUseCases, authUseCases } from "./application/use-cases.js";
import { type Config, configDefinition } from "./config.js";

/** The use cases on a real database and chain; connects to neither before it is used. */
function build(runtime: ServiceRuntime<Config>): AuthUseCases {
  const { config, clock, ids, random, logger } = runtime;
  const { chainId } = readDeployment(config.deploymentFile);
  const { pool, store } = openProducer(runtime, config);
  const chain = new ViemChainReader({ chainId, urls: config.rpcUrls });
  runtime.watch({ name: "chain", condition: "RpcDegraded", check: () => chain.probe() });
  const stopSweeper = startSweeper(pool, clock, (err) => logger.warn({ err }, "a sweep of expired rows failed"));
  runtime.onStop("sweeper", stopSweeper);
  return authUseCases({
    rules: { origins: config.loginOrigins ?? [config.publicOrigin], chainIds: [chainId] },
    tokenEndpoint: `${config.publicOrigin}/v1/auth/agent/token`,
    events: store,
    nonces: new PgNonceStore(pool),
    logins: new PgLoginStore(pool),
    collections: new PgCollectionStore(),
    accounts: new PgAccountStore(pool),
    agents: new PgAgentStore(pool),
    chain,
    signer: new EddsaTokenSigner(config.tokenKey, clock),
    clock,
    random,
    ids,
    personal: config.piiKey === undefined ? undefined : { keys: new PgSubjectKeys(pool, config.piiKey, random), secret: config.piiKey },
    marks: config.auditSalt === undefined ? undefined : new AuditMarks(config.auditSalt),
  });
}

/** The auth service. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "auth",
  config: configDefinition,
  capabilities: {
    login: { downWhen: deniedBy("login") },
    contractLogin: { downWhen: ["DbDown", "RpcDegraded"] },
    introspect: { downWhen: ["DbDown"] },
  },
  grpc: { packages: ["interlock.auth.v1"] },
  module: (runtime) => authModule(build(runtime)),
};
