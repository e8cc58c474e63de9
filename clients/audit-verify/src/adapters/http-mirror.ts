import { type Mirror, missing } from "../application/mirror.js";

const TIMEOUT_MS = 30_000;
const TRIES = 4;

/** What a server answered that is neither the resource nor its absence. */
export class ServerRefused extends Error {
  override readonly name = "ServerRefused";
}

/**
 * A mirror behind HTTP: `base` is the URL in front of `checkpoint`.
 * @param token bearer token, when the server wants one
 */
export function httpMirror(base: string, token?: string): Mirror {
  const root = base.endsWith("/") ? base : `${base}/`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const once = async (path: string): Promise<Buffer> => {
    const response = await fetch(new URL(path, root), { headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 404) throw missing(path);
    if (!response.ok) throw new ServerRefused(`${path}: the server answered ${response.status} ${bytes.toString("utf8").slice(0, 300)}`);
    return bytes;
  };
  return {
    read: async (path) => {
      for (let tries = 1; ; tries++) {
        try {
          return await once(path);
        } catch (error) {
          // Only a connection that broke is worth another try; what the server said stands.
          if (!(error instanceof TypeError) || tries === TRIES) throw error;
        }
      }
    },
  };
}
