const TIMEOUT_MS = 1_500;

/** The JSON at a service's /status, whatever status code it comes with. */
export async function fetchStatus(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return response.json();
}
