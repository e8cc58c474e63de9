import { expect, it, vi } from "vitest";
import { boundedMeasure } from "./bounded-measure.js";
import { Metrics } from "./metrics.js";

it("sets a gauge with each scrape", async () => {
  const metrics = new Metrics("relay");
  const gauge = metrics.gauge({ name: "waiting", help: "what waits" });
  let waiting = 0;
  metrics.beforeScrape(boundedMeasure(async () => gauge.set(++waiting), vi.fn()));
  expect(await metrics.render()).toContain('waiting{service="relay"} 1');
  expect(await metrics.render()).toContain('waiting{service="relay"} 2');
});

it("renders the last value and tells the failure when measuring fails", async () => {
  const metrics = new Metrics("relay");
  const gauge = metrics.gauge({ name: "waiting", help: "what waits" });
  gauge.set(7);
  const failed = vi.fn();
  metrics.beforeScrape(boundedMeasure(() => Promise.reject(new RangeError("away")), failed));
  expect(await metrics.render()).toContain('waiting{service="relay"} 7');
  expect(failed).toHaveBeenCalledWith(expect.objectContaining({ message: "away" }));
});

it("measures once for scrapes that come together, and does not wait for ever", async () => {
  vi.useFakeTimers();
  const failed = vi.fn();
  const measure = vi.fn(() => new Promise<void>(() => {}));
  const bounded = boundedMeasure(measure, failed, 500);
  const both = Promise.all([bounded(), bounded()]);
  await vi.advanceTimersByTimeAsync(500);
  await both;
  expect(measure).toHaveBeenCalledTimes(1);
  expect(failed).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
