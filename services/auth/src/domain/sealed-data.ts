import { InterlockError } from "#platform/errors/interlock-error.js";
import { isJsonObject, parseJsonObject } from "#platform/kernel/json.js";

/** Personal data as it stands in an event. */
export interface SealedData {
  /** Stands for the subject: HMAC of their wallet, hex. */
  readonly subjectRef: string;
  readonly keyVersion: number;
  /** base64. */
  readonly sealed: string;
}

/** The personal data in the bytes of a published event. @throws InterlockError VALIDATION_FAILED when there is none */
export function readSealed(event: string): { readonly type: string; readonly pii: SealedData } {
  const { type, data } = parseJsonObject(event) ?? {};
  const pii = isJsonObject(data) && isJsonObject(data.pii) ? data.pii : {};
  const { subjectRef, keyVersion, sealed } = pii;
  if (typeof type === "string" && typeof subjectRef === "string" && typeof keyVersion === "number" && typeof sealed === "string") {
    return { type, pii: { subjectRef, keyVersion, sealed } };
  }
  throw new InterlockError("VALIDATION_FAILED", "event: holds no sealed personal data", {
    details: { field: "event", rule: "a published event with data.pii" },
  });
}
