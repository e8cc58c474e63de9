import { expect, it } from "vitest";
import { LogPulse } from "./log-pulse.js";

it("calls a log alive from its first checkpoint until a minute and a quarter of silence", () => {
  let now = 1_000;
  const pulse = new LogPulse(() => now);
  expect(pulse.alive()).toBe(false);
  pulse.beat();
  now += 74_999;
  expect(pulse.alive()).toBe(true);
  now += 1;
  expect(pulse.alive()).toBe(false);
});
