import { LogError } from "#platform/transparency-log/log-error.js";

export const EXPORT_FORMAT = "interlock-audit-export/1";

/** A file of an export and its bytes; `sha256` for all but the events, which the root covers. */
export interface ExportFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256?: string;
}

/** What an export says of itself; every figure is checked against what is there. */
export interface Manifest {
  readonly format: typeof EXPORT_FORMAT;
  readonly origin: string;
  /** Entries [begin, end) of the log of `size` entries. */
  readonly begin: number;
  readonly end: number;
  readonly size: number;
  /** Entries of which only the leaf hash is there. */
  readonly withheld: number;
  readonly files: readonly ExportFile[];
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isText = (value: unknown): value is string => typeof value === "string";

function isFile(value: unknown): value is ExportFile {
  if (typeof value !== "object" || value === null || !("name" in value) || !("bytes" in value)) return false;
  const hash = "sha256" in value ? value.sha256 : undefined;
  const plain = isText(value.name) && /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)?$/.test(value.name);
  return plain && isNumber(value.bytes) && (hash === undefined || (isText(hash) && /^[0-9a-f]{64}$/.test(hash)));
}

/** @throws LogError MALFORMED when `text` is no manifest */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LogError("MALFORMED", "manifest.json is no JSON");
  }
  const fields = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const [format, origin, files] = [fields.get("format"), fields.get("origin"), fields.get("files")];
  const [begin, end, size, withheld] = ["begin", "end", "size", "withheld"].map((name) => fields.get(name));
  if (format !== EXPORT_FORMAT) throw new LogError("MALFORMED", `manifest.json: format must be ${EXPORT_FORMAT}`);
  if (!isText(origin) || !isNumber(begin) || !isNumber(end) || !isNumber(size) || !isNumber(withheld)) {
    throw new LogError("MALFORMED", "manifest.json: origin, begin, end, size and withheld are needed");
  }
  if (begin > end || end > size) throw new LogError("MALFORMED", "manifest.json: begin, end and size are out of order");
  if (!Array.isArray(files) || !files.every(isFile)) throw new LogError("MALFORMED", "manifest.json: a file of the list is malformed");
  return { format: EXPORT_FORMAT, origin, begin, end, size, withheld, files };
}
