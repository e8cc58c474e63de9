import type { Route } from "../transport/routing/route.js";

const MEANING: Readonly<Record<number, string>> = {
  400: "The request breaks a rule; field, rule and value are named",
  401: "No valid credentials",
  403: "These credentials may not do this",
  404: "There is no such thing, or it is not yours",
  406: "No representation the client accepts",
  409: "The state does not allow this now",
  413: "The body is larger than 256 KiB",
  414: "A part of the path is too long",
  415: "The body is not application/json",
  422: "Understood, and not possible as it stands",
  429: "Too many requests; see Retry-After",
  500: "Something broke on our side",
  503: "Something this needs is away; see Retry-After",
  504: "It took longer than a request may take",
};

/** Statuses of the refusals a route may answer with, and what they mean. */
export function refusalsOf(route: Route): readonly (readonly [number, string])[] {
  const always = [400, 429, 500];
  const body = route.body === undefined ? [413, 415] : [413, 415];
  const guarded = route.guard === "public" ? [] : [401, 403, 503, 504];
  const calls = route.tag === "service" || route.operationId === "policySchema" ? [] : [503, 504];
  const params = route.path.includes("{") ? [404, 414] : [];
  const statuses = new Set([...always, ...body, ...guarded, ...calls, ...params, ...(route.refusals ?? [])]);
  return [...statuses].sort((a, b) => a - b).map((status) => [status, MEANING[status] ?? "Refused"] as const);
}
