import { SpanStatusCode, trace } from "@opentelemetry/api";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { InterlockError } from "../errors/interlock-error.js";
import { consumeSpan } from "./consume-span.js";
import { Metrics } from "./metrics.js";
import { traceHeaders } from "./propagation.js";
import { startTelemetry } from "./telemetry.js";
import { currentTraceId } from "./trace-id.js";
import { withSpan } from "./with-span.js";

const exporter = new InMemorySpanExporter();
const telemetry = startTelemetry({ service: "relay", exporter });

describe("tracing", () => {
  beforeEach(() => exporter.reset());
  afterAll(() => telemetry.shutdown());

  it("continues a producer's trace where its event is handled", async () => {
    let carried: Record<string, string> = {};
    let produced: string | undefined;
    await withSpan("produce", {}, () => {
      carried = traceHeaders();
      produced = currentTraceId();
    });
    const consumed = await consumeSpan("session.armed.v1", { traceparent: Buffer.from(carried.traceparent ?? "") }, async () =>
      currentTraceId(),
    );
    expect(consumed).toBe(produced);
    expect(consumed).toMatch(/^[0-9a-f]{32}$/);
  });

  it("begins a trace of its own when the headers are missing or malformed", async () => {
    for (const headers of [{}, { traceparent: "nonsense" }, { traceparent: undefined }]) {
      await expect(consumeSpan("x", headers, async () => currentTraceId())).resolves.toMatch(/^[0-9a-f]{32}$/);
    }
    expect(trace.getActiveSpan()).toBeUndefined();
    expect(traceHeaders()).toEqual({});
  });

  it("marks a failed span with the code of the error, not with its text", async () => {
    const failing = withSpan("sign", {}, () => Promise.reject(new InterlockError("FENCED", "hunter2")));
    await expect(failing).rejects.toMatchObject({ code: "FENCED" });
    const span = exporter.getFinishedSpans()[0];
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "FENCED" });
    expect(span?.attributes["error.type"]).toBe("FENCED");
    expect(span?.events).toEqual([]);
  });
});

describe("metrics", () => {
  it("are made once and found again by name", async () => {
    const metrics = new Metrics("relay");
    metrics.counter({ name: "tries_total", help: "Tries" }).inc();
    metrics.counter({ name: "tries_total", help: "Tries" }).inc(2);
    metrics.gauge({ name: "lag", help: "Lag", labelNames: ["of"] }).set({ of: "a" }, 4);
    metrics.histogram({ name: "took_seconds", help: "Took" }).observe(1);
    const text = await metrics.render();
    expect(text).toContain('tries_total{service="relay"} 3');
    expect(text).toContain('lag{of="a",service="relay"} 4');
    expect(text).toContain('took_seconds_count{service="relay"} 1');
  });
});
