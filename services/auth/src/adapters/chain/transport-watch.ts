import { BaseError, RpcRequestError, type Transport } from "viem";

/** JSON-RPC error codes by which a node says that the call itself failed: the node did answer. */
const EXECUTION_FAILED = new Set([3, -32_000, -32_015]);

/** Notes whether some request got no answer. viem's verification helpers turn that into `false`, which must not be taken for "no". */
export class TransportWatch {
  private failure: unknown;

  /** What kept a request from being answered, if anything did. */
  get unanswered(): unknown {
    return this.failure;
  }

  /** `inner` with this watch on every request. */
  wrap(inner: Transport): Transport {
    return (options) => {
      const transport = inner(options);
      const request: typeof transport.request = async (...args) => {
        try {
          return await transport.request(...args);
        } catch (error) {
          if (!nodeAnswered(error)) this.failure = error;
          throw error;
        }
      };
      return { ...transport, request };
    };
  }
}

function nodeAnswered(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const answer = error.walk((cause) => cause instanceof RpcRequestError);
  return answer instanceof RpcRequestError && EXECUTION_FAILED.has(answer.code);
}
