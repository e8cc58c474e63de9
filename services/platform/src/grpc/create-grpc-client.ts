import { Client, credentials } from "@grpc/grpc-js";
import type { Clock } from "../kernel/clock.js";
import type { ServiceName } from "../service-auth/service-names.js";
import type { ServiceTokenIssuer } from "../service-auth/service-token-issuer.js";
import type { Metrics } from "../telemetry/metrics.js";
import { callUnary } from "./call-unary.js";
import { CHANNEL_OPTIONS } from "./channel-options.js";
import { DEFAULT_DEADLINE_MS } from "./deadline.js";
import { openStream } from "./open-stream.js";
import type { CallOptions, GrpcClient } from "./promise-client.js";
import { loadProto } from "./proto.js";
import { findService, methodsOf } from "./service-definition.js";

export interface GrpcClientOptions {
  /** The peer: audience of the tokens and name in errors. */
  readonly service: ServiceName;
  /** Protobuf package, such as `interlock.vault.v1`. */
  readonly package: string;
  /** Service inside the package, such as `VaultService`. */
  readonly serviceName: string;
  /** `host:port` or `dns:///host:port`; calls are balanced over all addresses behind the name. */
  readonly address: string;
  readonly tokens: Pick<ServiceTokenIssuer, "token">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Milliseconds a call gets unless it says otherwise. Default 5,000. */
  readonly defaultDeadlineMs?: number;
}

/**
 * A client whose methods give promises and throw InterlockError. Every call carries a service token for exactly this peer (with the
 * principal of the current request), the trace, and a deadline. Making it needs no connection and never throws because a peer is away.
 */
export function createGrpcClient<T extends object>(options: GrpcClientOptions): GrpcClient<T> {
  const methods = methodsOf(findService(loadProto([options.package]), options.package, options.serviceName));
  const channel = new Client(options.address, credentials.createInsecure(), CHANNEL_OPTIONS);
  const caller = { ...options, channel, defaultDeadlineMs: options.defaultDeadlineMs ?? DEFAULT_DEADLINE_MS };
  const client: Record<string, unknown> = {
    close: () => channel.close(),
    stream(name: string, request: object, call: CallOptions = {}) {
      const method = methods.get(name);
      if (method === undefined) throw new Error(`${options.serviceName} has no method ${name}`);
      return openStream(caller, method, request, call);
    },
  };
  for (const [name, method] of methods) {
    if (method.responseStream || method.requestStream) continue;
    client[name] = (request: object, call: CallOptions = {}) => callUnary(caller, method, request, call);
  }
  return client as GrpcClient<T>;
}
