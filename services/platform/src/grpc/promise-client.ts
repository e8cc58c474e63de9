import type { Observable } from "rxjs";
import type { Actor } from "../service-auth/actor.js";

export interface CallOptions {
  /** Milliseconds from now; the caller's own deadline and the client's default still bound it. */
  readonly deadlineMs?: number;
  /** Principal to call for; default: the one of the current request. `null`: nobody, the service calls for itself. */
  readonly act?: Actor | null;
  /** A service token of its own, for RPCs that accept a token once. */
  readonly freshToken?: boolean;
  readonly signal?: AbortSignal;
}

type Method = (request: never, ...rest: never[]) => Observable<unknown>;

/** A ts-proto client whose methods give promises: what `createGrpcClient` makes of `XServiceClient`. */
export type PromiseClient<T> = {
  readonly [K in keyof T]: T[K] extends (request: infer Req, ...rest: never[]) => Observable<infer Res>
    ? (request: Req, options?: CallOptions) => Promise<Res>
    : never;
};

/** Names of the methods of a ts-proto client interface. */
export type MethodName<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T] & string;
export type RequestOf<T, K extends keyof T> = T[K] extends (request: infer Req, ...rest: never[]) => Observable<unknown> ? Req : never;
export type ResponseOf<T, K extends keyof T> = T[K] extends (request: never, ...rest: never[]) => Observable<infer Res> ? Res : never;

/** `PromiseClient` plus what concerns the channel. */
export type GrpcClient<T> = PromiseClient<T> & {
  /** A server-streaming RPC as an async iterable; ends with the stream, throws InterlockError, cancels when the loop is left. */
  stream<K extends MethodName<T>>(method: K, request: RequestOf<T, K>, options?: CallOptions): AsyncIterable<ResponseOf<T, K>>;
  /** Closes the channel. */
  close(): void;
};
