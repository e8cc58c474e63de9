import { afterAll, describe, expect, it } from "vitest";
import { startTelemetry } from "../telemetry/telemetry.js";
import { currentTraceId } from "../telemetry/trace-id.js";
import { withSpan } from "../telemetry/with-span.js";
import { traced } from "./traced.js";
import type { AppendMetadata } from "./types.js";

const telemetry = startTelemetry({ service: "test" });
const metadata: AppendMetadata = { correlationId: "c", actor: { type: "service", id: "test" }, partitionKey: "cluster" };

describe("the trace of an event", () => {
  afterAll(() => telemetry.shutdown());

  it("is the one of the command that caused it", async () => {
    await withSpan("command", {}, () => {
      expect(traced(metadata).traceparent).toMatch(new RegExp(`^00-${currentTraceId()}-[0-9a-f]{16}-01$`));
    });
  });

  it("stays the one it was given", async () => {
    await withSpan("other", {}, () => {
      expect(traced({ ...metadata, traceparent: "00-given" }).traceparent).toBe("00-given");
    });
  });

  it("is a new one for what nothing outside began", () => {
    const [one, two] = [traced(metadata).traceparent, traced(metadata).traceparent];
    expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(two).not.toBe(one);
  });
});
