import { createServer, type Server } from "node:http";
import { freePort } from "../../deploy/local/free-port.js";

type Json = Record<string, unknown>;
/** What a node says in place of the true `result` of `method`. */
export type Lie = (method: string, params: readonly unknown[], result: unknown) => unknown;

const honest: Lie = (_method, _params, result) => result;

/** A JSON-RPC node that asks a real one and says what it likes. */
export class LyingRpc {
  /** Applied to every answer; honest until set. */
  lie: Lie = honest;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** Starts one in front of the node at `truth`. */
  static async inFrontOf(truth: string): Promise<LyingRpc> {
    const port = await freePort();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        rpc.#answer(truth, Buffer.concat(chunks).toString()).then(
          (body) => response.setHeader("content-type", "application/json").end(body),
          () => response.destroy(),
        );
      });
    });
    const rpc = new LyingRpc(`http://127.0.0.1:${port}`, server);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return rpc;
  }

  beHonest(): void {
    this.lie = honest;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(truth: string, body: string): Promise<string> {
    const reply = await fetch(truth, { method: "POST", headers: { "content-type": "application/json" }, body });
    const [asked, said] = [many(JSON.parse(body)), many(await reply.json())];
    const byId = new Map(asked.map((one) => [one.id, one]));
    const answers = said.map((one) => {
      const { method, params } = byId.get(one.id) ?? {};
      return "result" in one ? { ...one, result: this.lie(String(method), Array.isArray(params) ? params : [], one.result) } : one;
    });
    return JSON.stringify(body.trimStart().startsWith("[") ? answers : answers[0]);
  }
}

function many(value: unknown): readonly Json[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => (typeof one === "object" && one !== null ? { ...one } : {}));
}

/** `result` as an object with some of its members changed; what is no object stays. */
export function changed(result: unknown, change: Json): unknown {
  return typeof result === "object" && result !== null && !Array.isArray(result) ? { ...result, ...change } : result;
}
