import { z } from "zod";
import { toProblemError } from "./problem.js";
import { type Profile, readProfile, writeProfile } from "./profile.js";

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Json = Record<string, unknown>;

const tokensSchema = z.object({ accessToken: z.string(), refreshToken: z.string() });

/** The gateway's REST API with the kept login; an access token that has run out is renewed once. */
export class Api {
  private profile: Profile | undefined;

  constructor(
    readonly url: string,
    private readonly profileFile: string,
  ) {
    this.profile = readProfile(profileFile);
  }

  /** Keeps a new login for this and later commands. */
  keep(profile: Profile): void {
    this.profile = profile;
    writeProfile(this.profileFile, profile);
  }

  /** One call. @throws ProblemError when the server refuses. */
  async call(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}): Promise<Json> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  }

  /** The same, with the body still to be read. */
  async send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
    let response = await this.request(method, path, options);
    if (response.status === 401 && (await this.renew())) response = await this.request(method, path, options);
    if (response.ok) return response;
    throw toProblemError(response.status, await response.json().catch(() => undefined));
  }

  private async request(method: string, path: string, { body, headers, signal }: CallOptions): Promise<Response> {
    const authorization = this.profile === undefined ? {} : { authorization: `Bearer ${this.profile.accessToken}` };
    const content = body === undefined ? {} : { "content-type": "application/json" };
    try {
      return await fetch(new URL(path, this.url), {
        method,
        headers: { accept: "application/json", ...authorization, ...content, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      const problem = { type: "about:blank", title: `${this.url} cannot be reached`, status: 503, detail: `${this.url} cannot be reached` };
      throw toProblemError(503, problem);
    }
  }

  private async renew(): Promise<boolean> {
    if (this.profile?.refreshToken === undefined) return false;
    const response = await this.request("POST", "/v1/auth/refresh", { body: { refreshToken: this.profile.refreshToken } });
    if (!response.ok) return false;
    const { accessToken, refreshToken } = tokensSchema.parse(await response.json());
    this.keep({ ...this.profile, accessToken, refreshToken });
    return true;
  }
}
