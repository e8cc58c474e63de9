import type { ChannelOptions } from "@grpc/grpc-js";

/** Of every channel between services: a peer that comes back, at another address too, is found within seconds; one that is silent is given up. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.min_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  // The default is half a minute, for which a pod that was replaced would count as away.
  "grpc.dns_min_time_between_resolutions_ms": 2_000,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
};
