import type { Client, Metadata } from "@grpc/grpc-js";
import type { Clock } from "../kernel/clock.js";
import type { ServiceName } from "../service-auth/service-names.js";
import type { ServiceTokenIssuer } from "../service-auth/service-token-issuer.js";
import type { Metrics } from "../telemetry/metrics.js";
import { traceHeaders } from "../telemetry/propagation.js";
import { callMetadata } from "./metadata-headers.js";
import type { CallOptions } from "./promise-client.js";
import { currentContext } from "./request-context.js";

/** What it takes to call one peer. */
export interface Caller {
  readonly service: ServiceName;
  readonly channel: Client;
  readonly tokens: Pick<ServiceTokenIssuer, "token">;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly defaultDeadlineMs: number;
}

/** Metadata of one call: token for this peer, on behalf of the given or current principal, and the active trace. */
export async function metadataFor(caller: Caller, options: CallOptions): Promise<Metadata> {
  const act = options.act === null ? undefined : (options.act ?? currentContext()?.actor);
  const token = await caller.tokens.token({ audience: caller.service, act, fresh: options.freshToken ?? false });
  return callMetadata(token, traceHeaders());
}
