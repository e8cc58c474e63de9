/** One critical request, as a person in need would make it. */
export interface CriticalRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: unknown;
}

export interface Measured {
  readonly calls: number;
  /** Share of the calls that were answered well within the caller's patience. */
  readonly availability: number;
  /** Milliseconds that all but the slowest hundredth of the answered ones took at most. */
  readonly p99: number;
  /** What became of the others, and how often. */
  readonly failures: Readonly<Record<string, number>>;
}

/** An owner's patience with one call. */
export const PATIENCE_MS = 2_000;

/** Makes `count` calls at a steady rate whether earlier ones were answered or not, `requests` in turn. */
export async function measure(requests: readonly CriticalRequest[], count: number, perSecond: number): Promise<Measured> {
  const took: number[] = [];
  const failures: Record<string, number> = {};
  const one = async (at: number) => {
    const request = requests[at % requests.length];
    if (request === undefined) throw new Error("there is nothing to call");
    const began = performance.now();
    const failed = await call(request);
    if (failed === undefined) took.push(performance.now() - began);
    else failures[failed] = (failures[failed] ?? 0) + 1;
  };
  const began = performance.now();
  const all: Promise<void>[] = [];
  while (all.length < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    while (all.length < due) all.push(one(all.length));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(all);
  took.sort((a, b) => a - b);
  const p99 = took[Math.ceil(took.length * 0.99) - 1] ?? Number.MAX_SAFE_INTEGER;
  return { calls: count, availability: took.length / count, p99, failures };
}

/** What went wrong; nothing when it was answered well and in time. */
async function call({ method, url, body }: CriticalRequest): Promise<string | undefined> {
  const content = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { method, ...content, signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.arrayBuffer();
    return response.ok ? undefined : String(response.status);
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}

export const told = ({ calls, availability, p99, failures }: Measured): string =>
  `${(100 * availability).toFixed(2)} % of ${calls} served, p99 ${Math.round(p99)} ms${availability === 1 ? "" : ` ${JSON.stringify(failures)}`}`;
