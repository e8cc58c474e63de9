import type { Clock } from "#platform/kernel/clock.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import { awsAuthorization } from "./aws-signature.js";
import type { AwsKmsTransport } from "./awskms-client.js";
import type { AwsKmsConfig } from "./awskms-config.js";

const TIMEOUT_MS = 10_000;

/**
 * Signed requests to KMS (API of 2014-11-01, JSON 1.1).
 * @param config read for every request, so that credentials that were renewed in the file are used
 */
export function awsKmsTransport(config: () => AwsKmsConfig, clock: Clock): AwsKmsTransport {
  return async ({ operation, body }) => {
    const { region, endpoint = `https://kms.${region}.amazonaws.com`, credentials } = config();
    const url = new URL("/", endpoint);
    const text = JSON.stringify(body);
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      host: url.host,
      "x-amz-date": clock
        .now()
        .toISOString()
        .replace(/[-:]|\.\d{3}/g, ""),
      "x-amz-target": `TrentService.${operation}`,
      ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
    };
    const authorization = awsAuthorization({ method: "POST", path: "/", headers, body: text }, { region, service: "kms" }, credentials);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: "POST", headers: { ...headers, authorization }, body: text, redirect: "error", signal });
    return { status: response.status, body: parseJsonObject(await response.text()) ?? {} };
  };
}
