import { expect, it } from "vitest";
import { runParity, STRICTER_REASONS } from "../../../../test/campaign/parity/run-parity.js";

it("never allows what the deployed contract refuses, and is stricter only for listed reasons", async () => {
  const report = await runParity({ seed: 20_260_101, cases: 400 });
  expect(report.unsound).toEqual([]);
  expect(Object.keys(report.stricter).filter((code) => !STRICTER_REASONS.includes(code))).toEqual([]);
  expect(report.executed).toBeGreaterThan(20);
  expect(report.denied).toBeGreaterThan(20);
}, 120_000);
