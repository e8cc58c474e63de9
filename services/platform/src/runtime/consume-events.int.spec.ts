import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { type CustomTransportStrategy, EventPattern, Server } from "@nestjs/microservices";
import { lastValueFrom } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testTrust } from "../../../../test/support/test-trust.js";
import { grpcVariables } from "../config/common-variables.js";
import { type RunningService, startService } from "./start-service.js";

/** An event log that refuses the first subscriptions and then delivers what the test hands it. */
class FlakyLog extends Server implements CustomTransportStrategy {
  attempts = 0;
  closed = false;

  constructor(private readonly refusals: number) {
    super();
  }
  listen(callback: (error?: unknown) => void): void {
    this.attempts += 1;
    callback(this.attempts <= this.refusals ? new Error("no broker") : undefined);
  }
  async deliver(type: string, event: unknown): Promise<void> {
    const handler = this.messageHandlers.get(type);
    if (handler === undefined) throw new Error(`no handler of ${type}`);
    await lastValueFrom(this.transformToObservable(await handler(event, {})), { defaultValue: undefined });
  }
  close(): void {
    this.closed = true;
  }
  override on(): never {
    throw new TypeError("no transport events");
  }
  override unwrap<T>(): T {
    throw new TypeError("nothing underneath");
  }
}

const seen: unknown[] = [];

@Controller()
class Listener {
  @EventPattern("session.armed.v1")
  armed(event: unknown): void {
    if (event === "poison") throw new RangeError("cannot be handled");
    seen.push(event);
  }
}

@Module({ controllers: [Listener] })
class ListenerModule {}

describe("a service that consumes the event log", () => {
  let service: RunningService | undefined;
  const start = async (log: FlakyLog): Promise<RunningService> => {
    const trust = await testTrust();
    service = await startService(
      {
        name: "audit",
        config: grpcVariables,
        capabilities: {},
        grpc: { packages: ["interlock.policy.v1"], events: () => log },
        module: () => ListenerModule,
      },
      { env: trust.environment("audit") },
    );
    return service;
  };
  afterEach(async () => {
    await service?.stop();
  });

  it("starts while the log is away and subscribes when it comes", async () => {
    const log = new FlakyLog(2);
    const { healthPort } = await start(log);
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);
    await vi.waitFor(() => expect(log.attempts).toBe(3), { timeout: 5_000 });
  });

  it("hands events to the same application that answers RPCs, without a service token", async () => {
    const log = new FlakyLog(0);
    await start(log);
    await log.deliver("session.armed.v1", { id: "1" });
    expect(seen).toEqual([{ id: "1" }]);
  });

  it("lets the log see a handler's own error", async () => {
    const log = new FlakyLog(0);
    await start(log);
    await expect(log.deliver("session.armed.v1", "poison")).rejects.toBeInstanceOf(RangeError);
  });

  it("stops consuming when it stops", async () => {
    const log = new FlakyLog(0);
    await (await start(log)).stop();
    expect(log.closed).toBe(true);
  });
});
