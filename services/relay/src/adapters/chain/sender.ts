import { strongestOutcome } from "../../domain/classify-rpc-error.js";
import type { RpcErrorClass } from "../../domain/rpc-error-class.js";
import type { Providers } from "./providers.js";
import { rpcFailure } from "./rpc-failure.js";

/** What the nodes together made of one raw transaction. */
export interface SendOutcome {
  readonly outcome: RpcErrorClass | "accepted";
  /** The words of the node that refused; empty when one took it. */
  readonly message: string;
}

/** Sends raw transactions to every configured node at once: one that is away or lags cannot hide an operation. */
export class RawSender {
  constructor(private readonly providers: Providers) {}

  /** @param raw bytes that are stored already */
  async send(raw: string): Promise<SendOutcome> {
    const params: [`0x${string}`] = [`0x${raw.slice(2)}`];
    const answers = await Promise.all(
      this.providers.each.map((client) =>
        client.request({ method: "eth_sendRawTransaction", params }).then(
          () => ({ outcome: "accepted", message: "" }) as const,
          (error: unknown) => {
            const failure = rpcFailure(error);
            return { outcome: failure.class, message: failure.message };
          },
        ),
      ),
    );
    const outcome = strongestOutcome(answers.map((answer) => answer.outcome));
    return { outcome, message: answers.find((answer) => answer.outcome === outcome)?.message ?? "" };
  }
}
