import { Metadata } from "@grpc/grpc-js";
import { type ArgumentsHost, Catch, type ExceptionFilter } from "@nestjs/common";
import { type Observable, throwError } from "rxjs";
import { findInterlockError } from "../errors/interlock-error.js";
import { toGrpcError } from "../errors/to-grpc.js";
import type { Logger } from "../logging/logger.js";

/** The one funnel for errors of RPC handlers: what the error table knows goes out as it is, anything else as INTERNAL and into the log. */
@Catch()
export class GrpcErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> {
    // Only RPCs have metadata behind the request; an event's own error goes to the log's strategy, which decides between retry and parking.
    if (!(host.getArgByIndex<unknown>(1) instanceof Metadata)) return throwError(() => thrown);
    const known = findInterlockError(thrown);
    const handler = host.getArgByIndex<{ getPath?: () => string } | undefined>(2)?.getPath?.();
    if (known === undefined || known.code === "INTERNAL") this.logger.error({ err: thrown, rpc: handler }, "a handler broke");
    else this.logger.debug({ code: known.code, rpc: handler }, "a call was refused");
    return throwError(() => toGrpcError(thrown));
  }
}
