import { Server as GrpcJsServer, ServerCredentials } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { type CustomTransportStrategy, type MessageHandler, Server, ServerGrpc } from "@nestjs/microservices";
import { HealthImplementation } from "grpc-health-check";
import type { Metrics } from "../telemetry/metrics.js";
import { serverInterceptor } from "./server-interceptor.js";

export interface GrpcServerOptions {
  /** host:port; port 0 lets the system choose. */
  readonly listen: string;
  /** Protobuf packages whose services this process offers. */
  readonly packages: readonly string[];
  readonly definition: PackageDefinition;
  readonly metrics: Metrics;
  /** Offers reflection; development only. */
  readonly reflection: boolean;
  /** Takes the handlers of `@EventPattern`; the same Nest application then serves RPCs and consumes the log. */
  readonly events?: Server & CustomTransportStrategy;
}

type ListenCallback = (error?: unknown) => void;

/**
 * Nest's gRPC server with three differences: the services are registered before the port opens (a call never finds half a server),
 * a call in flight may finish when the process stops, and `@EventPattern` handlers go to the event log's own strategy.
 */
export class InterlockGrpcServer extends ServerGrpc {
  /** gRPC health service: `""` for the process, one name per capability. */
  readonly health = new HealthImplementation({ "": "NOT_SERVING" });
  private server: GrpcJsServer | undefined;
  private boundPort = 0;

  constructor(private readonly settings: GrpcServerOptions) {
    super({ url: settings.listen, package: [...settings.packages], packageDefinition: settings.definition });
  }

  /** Port that was bound. */
  get port(): number {
    return this.boundPort;
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false): void {
    if (isEventHandler && this.settings.events !== undefined) this.settings.events.addHandler(pattern, callback, isEventHandler);
    else super.addHandler(pattern, callback, isEventHandler);
  }

  override async createClient(): Promise<GrpcJsServer> {
    const server = new GrpcJsServer({
      interceptors: [serverInterceptor(this.settings.metrics)],
      "grpc.max_receive_message_length": 4 * 1024 * 1024,
      "grpc.keepalive_time_ms": 30_000,
      "grpc.keepalive_timeout_ms": 10_000,
    });
    this.health.addToServer(server);
    this.server = server;
    return server;
  }

  override async start(callback?: () => void): Promise<void> {
    const server = this.server;
    if (server === undefined) throw new Error("start() before createClient()");
    await this.bindEvents();
    if (this.settings.reflection) new ReflectionService(this.settings.definition).addToServer(server);
    this.boundPort = await new Promise<number>((resolve, reject) => {
      server.bindAsync(this.settings.listen, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
    });
    callback?.();
  }

  /** Starts consuming the event log; apart from listening because a log that is away must not keep the port closed. */
  async startConsuming(): Promise<void> {
    const { events } = this.settings;
    if (events === undefined) return;
    await new Promise<void>((resolve, reject) => {
      const listening: ListenCallback = (error) => (error === undefined || error === null ? resolve() : reject(error));
      events.listen(listening);
    });
  }

  /** Stops consuming the event log. */
  async stopConsuming(): Promise<void> {
    await this.settings.events?.close();
  }

  /** Refuses new calls and waits for those in flight, at most `graceMs`; says whether all of them ended by themselves. */
  async drain(graceMs: number): Promise<boolean> {
    const server = this.server;
    if (server === undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<boolean>((resolve) => server.tryShutdown(() => resolve(true)));
    const timedOut = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), graceMs);
    });
    const graceful = await Promise.race([ended, timedOut]);
    clearTimeout(timer);
    if (!graceful) server.forceShutdown();
    this.server = undefined;
    return graceful;
  }

  override async close(): Promise<void> {
    await this.drain(0);
  }
}
