import { status } from "@grpc/grpc-js";
import { SpanKind } from "@opentelemetry/api";
import { errorRow } from "../errors/error-table.js";
import { fromGrpcError } from "../errors/from-grpc.js";
import { InterlockError } from "../errors/interlock-error.js";
import { CALL_BUCKETS } from "../telemetry/metrics.js";
import { withSpan } from "../telemetry/with-span.js";
import { type Caller, metadataFor } from "./caller.js";
import { outgoingDeadline } from "./deadline.js";
import type { CallOptions } from "./promise-client.js";
import type { AnyMethod } from "./service-definition.js";

function send(caller: Caller, method: AnyMethod, request: object, options: CallOptions, deadline: number): Promise<object> {
  return metadataFor(caller, options).then(
    (metadata) =>
      new Promise<object>((resolve, reject) => {
        if (options.signal?.aborted) {
          reject(new InterlockError("CANCELLED", `the call to ${caller.service} was cancelled`));
          return;
        }
        const { path, requestSerialize, responseDeserialize } = method;
        const call = caller.channel.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline },
          (error, answer) => {
            options.signal?.removeEventListener("abort", cancel);
            if (error !== null) reject(fromGrpcError(error, caller.service));
            else if (answer === undefined) reject(new InterlockError("INTERNAL", `${caller.service} answered nothing`));
            else resolve(answer);
          },
        );
        const cancel = () => call.cancel();
        options.signal?.addEventListener("abort", cancel, { once: true });
      }),
  );
}

/** One unary call. @throws InterlockError: the peer's own, DEPENDENCY_UNAVAILABLE when it is away, DEADLINE_EXCEEDED when time is up. */
export async function callUnary(caller: Caller, method: AnyMethod, request: object, options: CallOptions): Promise<object> {
  const deadline = outgoingDeadline(options.deadlineMs ?? caller.defaultDeadlineMs, caller.clock.now().getTime());
  const duration = caller.metrics.histogram({
    name: "grpc_client_duration_seconds",
    help: "Time from the start of a call to its answer",
    labelNames: ["method", "code"],
    buckets: CALL_BUCKETS,
  });
  const stop = duration.startTimer({ method: method.path });
  try {
    const span = { kind: SpanKind.CLIENT, attributes: { "rpc.system": "grpc", "peer.service": caller.service } };
    const answer = await withSpan(method.path.slice(1), span, () => send(caller, method, request, options, deadline));
    stop({ code: status[status.OK] });
    return answer;
  } catch (error) {
    stop({ code: error instanceof InterlockError ? errorRow(error.code).grpc : status[status.UNKNOWN] });
    throw error;
  }
}
