import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { TransitConfig } from "./transit-config.js";

/** One HTTP exchange, as the tests record them. */
export interface TransitRequest {
  readonly method: "GET" | "POST";
  /** Below `/v1/`. */
  readonly path: string;
  readonly body?: object;
}

export interface TransitAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request; rejects when the server cannot be reached. */
export type TransitTransport = (request: TransitRequest) => Promise<TransitAnswer>;

const TIMEOUT_MS = 10_000;

/** Requests with the token of `config`. */
export function transitTransport({ address, token }: Pick<TransitConfig, "address" | "token">): TransitTransport {
  return async ({ method, path, body }) => {
    const response = await fetch(new URL(`/v1/${path}`, address), {
      method,
      headers: { "x-vault-token": token },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  };
}

const keySchema = z.object({
  data: z.object({
    derived: z.literal(true, "must be derived"),
    type: z.literal("aes256-gcm96"),
    latest_version: z.int(),
    keys: z.record(z.string(), z.unknown()),
  }),
});
const encryptedSchema = z.object({ data: z.object({ ciphertext: z.string() }) });
const decryptedSchema = z.object({ data: z.object({ plaintext: z.base64() }) });

/** The few calls of the transit engine's API that a keeper of KEKs needs. */
export class TransitClient {
  constructor(
    private readonly send: TransitTransport,
    private readonly mount: string,
    private readonly key: string,
  ) {}

  /** Versions the engine holds, ascending; the last one is the newest. */
  async versions(): Promise<readonly number[]> {
    const { data } = keySchema.parse(await this.#ask({ method: "GET", path: `${this.mount}/keys/${this.key}` }));
    return Object.keys(data.keys)
      .map(Number)
      .toSorted((a, b) => a - b);
  }

  /** Ciphertext of `plaintext` under `version` and a key derived from `context`. */
  async encrypt(version: number, context: Buffer, plaintext: Buffer): Promise<string> {
    const body = { plaintext: plaintext.toString("base64"), context: context.toString("base64"), key_version: version };
    return encryptedSchema.parse(await this.#ask({ method: "POST", path: `${this.mount}/encrypt/${this.key}`, body })).data.ciphertext;
  }

  /** The plaintext, or undefined when ciphertext and context are not each other's: the engine answers 400 then. */
  async decrypt(ciphertext: string, context: Buffer): Promise<Buffer | undefined> {
    const body = { ciphertext, context: context.toString("base64") };
    const answer = await this.#send({ method: "POST", path: `${this.mount}/decrypt/${this.key}`, body });
    if (answer.status === 400) return undefined;
    return Buffer.from(decryptedSchema.parse(accepted(answer)).data.plaintext, "base64");
  }

  /** Makes a newer version. */
  async rotate(): Promise<void> {
    await this.#ask({ method: "POST", path: `${this.mount}/keys/${this.key}/rotate`, body: {} });
  }

  /** Deletes every version below `first`, for good. */
  async trim(first: number): Promise<void> {
    const path = `${this.mount}/keys/${this.key}`;
    await this.#ask({ method: "POST", path: `${path}/config`, body: { min_decryption_version: first, min_encryption_version: first } });
    await this.#ask({ method: "POST", path: `${path}/trim`, body: { min_available_version: first } });
  }

  async #ask(request: TransitRequest): Promise<unknown> {
    return accepted(await this.#send(request));
  }

  async #send(request: TransitRequest): Promise<TransitAnswer> {
    try {
      return await this.send(request);
    } catch (cause) {
      throw away("does not answer", cause);
    }
  }
}

function accepted({ status, body }: TransitAnswer): unknown {
  if (status === 200 || status === 204) return body;
  throw away(`answered ${status}`);
}

function away(what: string, cause?: unknown): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", `the transit engine ${what}`, { details: { dependency: "kek" }, cause });
}
