import { grpcVariables } from "#platform/config/common-variables.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import { service } from "../../services/gateway/src/service.js";
import { until } from "./e2e/until.js";
import { fakeModule } from "./gateway-fakes.js";
import { testTrust } from "./test-trust.js";

/** A real gateway in front of fake services that speak real gRPC. Policy has no fake: its address refuses connections. */
export interface GatewayWorld {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

const NAMES = ["auth", "permissions", "relay", "audit"] as const;
const AS_OWNER = { authorization: "Bearer owner" };

/** Starts the fakes and the gateway on free ports; `env` overrides the gateway's own. */
export async function gatewayWorld(env: Record<string, string> = {}): Promise<GatewayWorld> {
  const trust = await testTrust();
  const fakes: RunningService[] = [];
  const addresses: Record<string, string> = { POLICY_ADDRESS: "127.0.0.1:1" };
  for (const name of NAMES) {
    const spec = {
      name,
      config: grpcVariables,
      capabilities: {},
      grpc: { packages: [`interlock.${name}.v1`] },
      module: () => fakeModule(name),
    };
    const fake = await startService(spec, { env: trust.environment(name) });
    fakes.push(fake);
    addresses[`${name.toUpperCase()}_ADDRESS`] = `127.0.0.1:${fake.port}`;
  }
  const probe = await import("../../deploy/local/free-port.js");
  const port = await probe.freePort();
  const listen = { HTTP_LISTEN: `127.0.0.1:${port}`, REQUEST_DEADLINE_MS: "3000" };
  const gateway = await startService(service, { env: { ...trust.environment("gateway"), ...addresses, ...listen, ...env } });
  await until("the gateway has found the relay", async () => (gateway.runtime.capabilities.holds("SignerDown") ? undefined : true));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    get: (path, headers = AS_OWNER) => fetch(`${url}${path}`, { headers }),
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: { ...AS_OWNER, "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    async stop() {
      await gateway.stop();
      await Promise.all(fakes.map((fake) => fake.stop()));
    },
  };
}
