import { status } from "@grpc/grpc-js";
import { fromGrpcError } from "../errors/from-grpc.js";
import { type Caller, metadataFor } from "./caller.js";
import type { CallOptions } from "./promise-client.js";
import type { AnyMethod } from "./service-definition.js";

const isCancelled = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === status.CANCELLED;

/**
 * A server-streaming call. It has no deadline unless one is given: a stream lasts as long as its reader.
 * @throws InterlockError while iterating
 */
export async function* openStream(caller: Caller, method: AnyMethod, request: object, options: CallOptions): AsyncIterable<object> {
  const metadata = await metadataFor(caller, options);
  const deadline = options.deadlineMs === undefined ? {} : { deadline: caller.clock.now().getTime() + options.deadlineMs };
  const call = caller.channel.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    deadline,
  );
  const cancel = () => call.cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });
  if (options.signal?.aborted) cancel();
  try {
    for await (const message of call) yield message;
  } catch (error) {
    // A reader that asked to stop is told nothing went wrong.
    if (!(options.signal?.aborted && isCancelled(error))) throw fromGrpcError(error, caller.service);
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    call.cancel();
  }
}
