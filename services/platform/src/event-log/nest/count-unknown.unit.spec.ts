import { expect, it, vi } from "vitest";
import { Metrics } from "../../telemetry/metrics.js";
import { countUnknown } from "./count-unknown.js";

it("counts every dropped event and names each type once in the log", async () => {
  const metrics = new Metrics("audit");
  const warn = vi.fn();
  const unknown = countUnknown(metrics, { warn }, "audit");
  for (const type of ["a.v1", "b.v1", "a.v1"]) unknown(type);
  expect(await metrics.render()).toContain('event_log_unknown_total{group="audit",service="audit"} 3');
  expect(warn.mock.calls.map(([fields]) => fields.type)).toEqual(["a.v1", "b.v1"]);
});

it("does not fill the log when types are invented", () => {
  const warn = vi.fn();
  const unknown = countUnknown(new Metrics("audit"), { warn }, "audit");
  for (let n = 0; n < 1_000; n++) unknown(`invented.${n}`);
  expect(warn).toHaveBeenCalledTimes(100);
});
