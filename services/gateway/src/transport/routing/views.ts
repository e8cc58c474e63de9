import { parseJsonObject } from "#platform/kernel/json.js";

type View = Record<string, unknown>;

/** A message as JSON for the API: what is absent on the wire ("" or undefined) is left out. */
export function view(message: object): View {
  const entries = Object.entries(message).flatMap(([key, value]): [string, unknown][] => {
    if (value === "" || value === undefined || value === null) return [];
    if (Array.isArray(value)) return [[key, value.map((item: unknown) => (typeof item === "object" && item !== null ? view(item) : item))]];
    return [[key, typeof value === "object" ? view(value) : value]];
  });
  return Object.fromEntries(entries);
}

/** As `view`, for messages with a chain id and texts that hold JSON objects. */
export function chainView(message: { readonly chainId: string }, jsonFields: readonly string[] = []): View {
  const shown = view(message);
  if (message.chainId !== "") shown.chainId = Number(message.chainId);
  for (const field of jsonFields) {
    const text = shown[field];
    const parsed = typeof text === "string" ? parseJsonObject(text) : undefined;
    if (parsed === undefined) delete shown[field];
    else shown[field] = parsed;
  }
  return shown;
}
