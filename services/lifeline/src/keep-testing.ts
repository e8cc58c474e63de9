import { BackgroundLoop } from "#platform/runtime/background-loop.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import type { Sponsor } from "./adapters/sponsor.js";
import type { SelfTest } from "./application/self-test.js";

export interface TestingParts {
  readonly selfTest: SelfTest;
  readonly sponsor: Sponsor | undefined;
  readonly everyMs: number;
}

/** Has lifeline look at itself now and again for as long as it runs, and says what it saw in metrics and conditions. */
export function keepTesting({ metrics, logger, capabilities, onStop }: ServiceRuntime<unknown>, parts: TestingParts): void {
  const { selfTest, sponsor, everyMs } = parts;
  const success = metrics.gauge({
    name: "lifeline_self_test_success",
    help: "1 when a close was last prepared and simulated without a fault",
  });
  const at = metrics.gauge({ name: "lifeline_self_test_timestamp_seconds", help: "When lifeline last looked at itself, Unix seconds" });
  const took = metrics.gauge({ name: "lifeline_self_test_seconds", help: "How long that took" });
  const funded = async () => {
    if (sponsor === undefined) return;
    if (await sponsor.funded()) capabilities.clear("PaymasterEmpty", "sponsor");
    else capabilities.raise("PaymasterEmpty", "sponsor", "the sponsor cannot pay for a close");
  };
  const loop = new BackgroundLoop({
    pauseMs: everyMs,
    turn: async () => {
      const result = await selfTest.run();
      success.set(result.ok ? 1 : 0);
      at.set(Date.parse(result.at) / 1_000);
      took.set(result.tookMs / 1_000);
      if (!result.ok) logger.error({ selfTest: result }, "ALARM: an emergency close would not go through lifeline now");
      await funded();
      return false;
    },
    // The chain is away; the self-test has said so.
    onError: (err) => logger.warn({ err }, "the sponsor's balance is unknown"),
  });
  loop.start();
  onStop("self-test", () => loop.stop());
}
