import { z } from "zod";
import { callerVariables, peerAddress, processVariables } from "#platform/config/common-variables.js";
import { address, httpUrl, integer } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";

/** `50:200`: tokens per second and most tokens at once. */
const bucket = (perSecond: number, burst: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,5}:[1-9][0-9]{0,6}$/, "must be perSecond:burst")
    .default(`${perSecond}:${burst}`)
    .transform((text) => {
      const [rate, size] = text.split(":").map(Number);
      return { perSecond: rate ?? perSecond, burst: size ?? burst };
    });

/** `auth=http://auth:9000/status,...`. */
const statusUrls = z
  .string()
  .default("")
  .transform((text) => text.split(",").filter((part) => part !== ""))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^[a-z-]+=/, "must be name=url")
        .transform((part) => part.split(/=(.*)/s)),
    ),
  )
  .pipe(z.array(z.tuple([z.string(), httpUrl, z.string()]).transform(([name, url]) => ({ name, url }))));

/** Everything the gateway reads from its environment. */
export const configDefinition = {
  ...processVariables,
  ...callerVariables(),
  httpListen: variable({ env: "HTTP_LISTEN", schema: address, description: "host:port of the public HTTP API.", example: "0.0.0.0:8080" }),
  authAddress: peerAddress("auth"),
  permissionsAddress: peerAddress("permissions"),
  policyAddress: peerAddress("policy"),
  relayAddress: peerAddress("relay"),
  auditAddress: peerAddress("audit"),
  statusUrls: variable({
    env: "STATUS_URLS",
    schema: statusUrls,
    description: "Comma-separated name=URL of every service's /status, for GET /v1/status.",
    example: "auth=http://auth:9000/status,vault=http://vault:9000/status",
  }),
  requestDeadlineMs: variable({
    env: "REQUEST_DEADLINE_MS",
    schema: integer(100, 120_000).default(20_000),
    description: "Milliseconds all calls made for one request get together; after that 504.",
  }),
  trustedProxies: variable({
    env: "TRUSTED_PROXIES",
    schema: integer(0, 10).default(0),
    description: "Proxies in front whose X-Forwarded-For is believed; 0: the peer of the connection is the client.",
  }),
  ipLimit: variable({
    env: "RATE_LIMIT_IP",
    schema: bucket(200, 800),
    description: "perSecond:burst of requests of one IP address (IPv6: its /64).",
  }),
  credentialLimit: variable({
    env: "RATE_LIMIT_CREDENTIAL",
    schema: bucket(100, 400),
    description: "perSecond:burst of requests of one login or agent.",
  }),
  accountLimit: variable({
    env: "RATE_LIMIT_ACCOUNT",
    schema: bucket(200, 800),
    description: "perSecond:burst of requests to one account.",
  }),
  rateLimitEntries: variable({
    env: "RATE_LIMIT_ENTRIES",
    schema: integer(100, 1_000_000).default(50_000),
    description: "Most rate buckets of one kind kept in memory; the least recently used one makes room.",
  }),
};

export type Config = ConfigOf<typeof configDefinition>;
