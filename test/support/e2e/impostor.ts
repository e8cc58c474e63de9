import { createGrpcClient } from "#platform/grpc/create-grpc-client.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import type { ServiceName } from "#platform/service-auth/service-names.js";
import { ServiceTokenIssuer } from "#platform/service-auth/service-token-issuer.js";
import { Metrics } from "#platform/telemetry/metrics.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { keyIn } from "./forge-token.js";

/** Somebody who has stolen a service's key and calls its peers from a machine of their own. */
export class Impostor {
  private readonly opened: { close(): void }[] = [];
  private readonly tokens: ServiceTokenIssuer;

  constructor(
    private readonly stack: Stack,
    private readonly name: ServiceName,
  ) {
    const key = keyIn(stack.keys.serviceKeyFile(name));
    this.tokens = new ServiceTokenIssuer({ name, key, clock: systemClock, ids: uuidV7Factory(systemClock) });
  }

  /** A client of a peer, such as `client<VaultServiceClient>("vault")`. */
  client<T extends object>(service: "vault" | "policy" | "permissions" | "monitor"): GrpcClient<T> {
    const serviceName = `${service.charAt(0).toUpperCase()}${service.slice(1)}Service`;
    const address = `127.0.0.1:${this.stack.settings.ports[service].grpc}`;
    const packageName = `interlock.${service}.v1`;
    const metrics = new Metrics(this.name);
    const client = createGrpcClient<T>({
      service,
      package: packageName,
      serviceName,
      address,
      tokens: this.tokens,
      clock: systemClock,
      metrics,
    });
    this.opened.push(client);
    return client;
  }

  close(): void {
    for (const client of this.opened) client.close();
  }
}
