import { Metadata } from "@grpc/grpc-js";
import type { CarriedHeaders } from "../telemetry/propagation.js";

/** Header that carries the service token. */
export const AUTHORIZATION = "authorization";

/** First value of each entry, for trace propagation. */
export function headersOf(metadata: Metadata): CarriedHeaders {
  return metadata.getMap();
}

/** The bearer token of a call, if it carries exactly one. */
export function bearerToken(metadata: Metadata): string | undefined {
  const values = metadata.get(AUTHORIZATION);
  const value = values.length === 1 ? values[0] : undefined;
  return typeof value === "string" && value.startsWith("Bearer ") ? value.slice("Bearer ".length) : undefined;
}

/** Metadata of an outgoing call. */
export function callMetadata(token: string | undefined, trace: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(AUTHORIZATION, `Bearer ${token}`);
  for (const [key, value] of Object.entries(trace)) metadata.set(key, value);
  return metadata;
}
