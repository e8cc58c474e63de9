import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";

const CHUNK = 4 * 1024 * 1024;

/** A secret and every form it might be found in. */
export interface Sought {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/**
 * `secret` as raw bytes, hex in both cases and as a string of two bytes per character, base64 and base64url at each of the three places it
 * can start (without the characters that depend on its neighbours), and little-endian limbs.
 */
export function formsOf(name: string, secret: Buffer): Sought {
  const hex = secret.toString("hex");
  return {
    name,
    forms: [
      secret,
      Buffer.from(hex),
      Buffer.from(hex.toUpperCase()),
      ...base64Forms(secret),
      Buffer.from(secret).reverse(),
      Buffer.from(hex, "utf16le"),
    ],
  };
}

function base64Forms(secret: Buffer): readonly Buffer[] {
  const texts = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), secret])
      .toString("base64")
      .replace(/=+$/, "");
    // What mixes a neighbour's bits in: the first characters, and the last.
    const own = encoded.slice(before === 0 ? 0 : before + 1, -1);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [...new Set(texts)].map((text) => Buffer.from(text));
}

/** How often each secret stands in the memory of a process. Linux; needs the right to read it. */
export function scanMemory(pid: number, sought: readonly Sought[]): ReadonlyMap<string, number> {
  return scan(`/proc/${pid}/mem`, readableRanges(pid), sought);
}

/** How often each secret stands in a file. */
export function scanFile(path: string, sought: readonly Sought[]): ReadonlyMap<string, number> {
  return scan(path, [[0, statSync(path).size]], sought);
}

function scan(path: string, ranges: readonly (readonly [number, number])[], sought: readonly Sought[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>(sought.map(({ name }) => [name, 0]));
  const index = new PrefixIndex(sought);
  const memory = openSync(path, "r");
  const buffer = Buffer.alloc(CHUNK + LONGEST);
  try {
    for (const [start, end] of ranges) {
      for (let at = start; at < end; at += CHUNK) {
        const read = tryRead(memory, buffer.subarray(0, Math.min(CHUNK + LONGEST, end - at)), at);
        index.count(buffer.subarray(0, read), Math.min(CHUNK, read), found);
      }
    }
  } finally {
    closeSync(memory);
    buffer.fill(0);
  }
  return found;
}

const PAGE = 4_096;
const ZEROS = Buffer.alloc(PAGE);

/** Longest form that is looked for: UTF-16 hex of 32 bytes. */
const LONGEST = 128;

/** Finds any of thousands of patterns in one pass: a bit per possible first three bytes says where it is worth looking. */
class PrefixIndex {
  readonly #bits = new Uint8Array(2 ** 24);
  readonly #forms = new Map<number, { readonly name: string; readonly form: Buffer }[]>();

  constructor(sought: readonly Sought[]) {
    for (const { name, forms } of sought) {
      for (const form of forms) {
        const prefix = form.readUIntBE(0, 3);
        this.#bits[prefix] = 1;
        this.#forms.set(prefix, [...(this.#forms.get(prefix) ?? []), { name, form }]);
      }
    }
  }

  count(bytes: Buffer, until: number, found: Map<string, number>): void {
    let prefix = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      // Most of what a process has mapped was never written to; no form is that many zeros.
      if (i % PAGE === 0 && bytes.length - i >= PAGE && ZEROS.compare(bytes, i, i + PAGE) === 0) {
        i += PAGE - 1;
        prefix = 0;
        continue;
      }
      prefix = ((prefix << 8) | (bytes[i] ?? 0)) & 0xffffff;
      const at = i - 2;
      if (this.#bits[prefix] !== 1 || at < 0 || at >= until) continue;
      for (const { name, form } of this.#forms.get(prefix) ?? []) {
        if (bytes.subarray(at, at + form.length).equals(form)) found.set(name, (found.get(name) ?? 0) + 1);
      }
    }
  }
}

function readableRanges(pid: number): readonly (readonly [number, number])[] {
  return readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .flatMap((line): (readonly [number, number])[] => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) r\S* \S+ \S+ (\d+)\s*(.*)$/.exec(line);
      if (match === null || match[4] === "[vvar]" || match[4] === "[vsyscall]") return [];
      return [[Number.parseInt(match[1] ?? "0", 16), Number.parseInt(match[2] ?? "0", 16)]];
    });
}

function tryRead(memory: number, bytes: Buffer, at: number): number {
  try {
    return readSync(memory, bytes, 0, bytes.length, at);
  } catch {
    // Ranges come and go while the process runs.
    return 0;
  }
}
