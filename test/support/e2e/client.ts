import { randomUUID } from "node:crypto";

type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; empty when there was none. */
  readonly body: Json;
  readonly text: string;
}

export interface Request {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The gateway's REST API as a plain HTTP client sees it, with or without a bearer token. */
export class Client {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  /** The same gateway, called with another token. */
  as(token: string): Client {
    return new Client(this.url, token);
  }

  async call(method: string, path: string, { body, headers }: Request = {}): Promise<Reply> {
    const response = await this.open(method, path, { body, headers: { accept: "application/json", ...headers } });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.call("GET", path, { headers });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.call("POST", path, { body, headers });
  }

  /** A call that has to work. @throws Error with the problem when it does not. */
  async must(method: string, path: string, request: Request = {}): Promise<Json> {
    const { status, body, text } = await this.call(method, path, request);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return body;
  }

  /** Asks a session to act, under an idempotency key of its own unless one is given. */
  execute(sessionId: string, action: unknown, key: string = randomUUID()): Promise<Reply> {
    return this.post("/v1/executions", { sessionId, action }, { "idempotency-key": key });
  }

  /** A response whose body is still to be read: streams. */
  open(method: string, path: string, { body, headers }: Request, signal?: AbortSignal): Promise<Response> {
    const credential = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const content = body === undefined ? {} : { "content-type": "application/json" };
    return fetch(new URL(path, this.url), {
      method,
      headers: { ...credential, ...content, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : { items: value };
  } catch {
    return {};
  }
}
