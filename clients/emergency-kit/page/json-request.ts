import { Refused, Unreachable } from "./chain.js";

type Json = Readonly<Record<string, unknown>>;
const PATIENCE_MS = 10_000;

/** A JSON answer, whatever its status. @throws Unreachable when there is none in time */
export async function requestJson(url: string, body?: unknown): Promise<{ readonly status: number; readonly body: Json }> {
  const post = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { ...post, signal: AbortSignal.timeout(PATIENCE_MS) });
    const value: unknown = await response.json();
    return { status: response.status, body: typeof value === "object" && value !== null ? { ...value } : {} };
  } catch {
    throw new Unreachable(`no answer from ${url}`);
  }
}

/** What a problem+json says, for people. */
export function refusal({ status, body }: { readonly status: number; readonly body: Json }): Error {
  const words = String(body.detail ?? body.title ?? `status ${status}`);
  return status >= 500 ? new Unreachable(words) : new Refused(words);
}
