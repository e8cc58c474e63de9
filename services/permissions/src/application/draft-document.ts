import { InterlockError } from "#platform/errors/interlock-error.js";
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from "#platform/kernel/json.js";

/** Lengths of the presets in seconds. */
const PRESETS = { "1h": 3_600, "24h": 86_400, "7d": 604_800 } as const;
/** Longest document: with the rest of its event it must stay under the log's limit for one event. */
const MAX_DOCUMENT = 24 * 1024;

export interface DraftTarget {
  readonly account: string;
  readonly chainId: number;
  /** "", "1h", "24h" or "7d". */
  readonly preset: string;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * The document of a draft with what the request says beside it: account and chain are filled in, a preset sets the window from now on.
 * What stands in both places must agree.
 * @throws InterlockError VALIDATION_FAILED naming the field
 */
export function completeDocument(text: string, target: DraftTarget): string {
  if (text.length > MAX_DOCUMENT) throw invalid("document", `must be at most ${MAX_DOCUMENT} characters`, `${text.length} characters`);
  const document = parseJsonObject(text);
  if (document === undefined) throw invalid("document", "must be a JSON object", text);
  const chain = agreeing(document, "chainId", target.chainId, (value) => value === target.chainId);
  const same = (value: JsonValue) => typeof value === "string" && value.toLowerCase() === target.account.toLowerCase();
  const account = agreeing(document, "account", target.account, same);
  return JSON.stringify({ ...document, ...chain, ...account, ...windowOf(document, target) });
}

function agreeing(document: JsonObject, field: string, wanted: JsonValue, agrees: (value: JsonValue) => boolean): JsonObject {
  const value = document[field];
  if (value === undefined) return { [field]: wanted };
  if (agrees(value)) return {};
  throw invalid(`document.${field}`, `must be the request's own, ${String(wanted)}`, isJsonObject(value) ? "an object" : String(value));
}

function windowOf(document: JsonObject, { preset, now }: DraftTarget): JsonObject {
  if (preset === "") return {};
  if (!Object.hasOwn(PRESETS, preset)) throw invalid("preset", `must be one of ${Object.keys(PRESETS).join(", ")}`, preset);
  for (const field of ["notBefore", "notAfter"]) {
    const value = document[field];
    if (value !== undefined) throw invalid(`document.${field}`, "must not stand beside a preset", JSON.stringify(value));
  }
  const length = PRESETS[preset as keyof typeof PRESETS];
  return { notBefore: now, notAfter: now + length };
}

function invalid(field: string, rule: string, value: string): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}
