import { erc20Abi } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICES } from "../../deploy/local/service-environment.js";
import type { Stack } from "../../deploy/local/stack.js";
import { DependencyBed, PRODUCERS, RECOVERY } from "../support/e2e/dependency-bed.js";
import { payees } from "../support/e2e/documents.js";
import { follow, reasonsOf } from "../support/e2e/execution.js";
import { PublishedExecutions } from "../support/e2e/published-executions.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { USDC } from "../support/e2e/safe.js";
import { untilAllWell } from "../support/e2e/service-status.js";
import { until } from "../support/e2e/until.js";

const PAYMENTS = 20;

describe("a Postgres that is killed (SIGKILL) and started again", () => {
  let stack: Stack;
  let bed: DependencyBed;

  const received = () => {
    const [payee] = payees(stack.world);
    return stack.world.client.readContract({ address: stack.world.token, abi: erc20Abi, functionName: "balanceOf", args: [payee] });
  };

  /** How many of these the vault has signed so far. */
  const signed = async (ids: readonly string[]) => {
    const seen = await Promise.all(ids.map((id) => bed.owner.must("GET", `/v1/executions/${id}`)));
    return seen.filter(({ state }) => /SIGNED|BROADCAST|MINED|CONFIRMED/.test(String(state))).length;
  };

  beforeAll(async () => {
    stack = await readyStack();
    bed = await DependencyBed.open(stack);
  });
  afterAll(() => stack?.stop());

  it(`with ${PAYMENTS} payments under way loses none, makes none twice, and no service has to be restarted`, async () => {
    const before = await received();
    const asked = await Promise.all(Array.from({ length: PAYMENTS }, () => bed.ask()));
    await until("the first are signed, the last are not", async () => ((await signed(asked)) > 0 ? true : undefined));
    await stack.postgres.kill();
    await bed.noticed("DbDown", PRODUCERS);
    await stack.postgres.start();
    await untilAllWell(stack, RECOVERY);
    const done = await Promise.all(asked.map((id) => follow(bed.owner, id)));
    // With the database away a USE is refused: that fails closed. Whatever was not refused so is mined, once.
    const refused = done.filter(({ state }) => state === "DENIED");
    expect(refused.flatMap(reasonsOf).filter((code) => code !== "CONDITION")).toEqual([]);
    const paid = done.filter(({ state }) => /MINED|CONFIRMED/.test(state)).length;
    console.log(`${paid} of ${PAYMENTS} paid, ${refused.length} refused because of the condition`);
    expect(paid, "what was signed is paid").toBeGreaterThan(0);
    expect(paid + refused.length, "every payment came to its end").toBe(PAYMENTS);
    expect(await received()).toBe(before + BigInt(paid) * USDC);
    const published = new PublishedExecutions(bed.owner);
    for (const { executionId, state } of done) if (state !== "DENIED") await published.ended(executionId, RECOVERY);
    expect(published.gaps()).toEqual([]);
    expect(SERVICES.filter((name) => !stack.process(name).alive())).toEqual([]);
  });

  it("may be killed again at once, before anything has settled", async () => {
    const asked = await Promise.all(Array.from({ length: PAYMENTS }, () => bed.ask()));
    for (let times = 0; times < 3; times += 1) {
      await stack.postgres.kill();
      await stack.postgres.start();
    }
    await untilAllWell(stack, RECOVERY);
    for (const { state } of await Promise.all(asked.map((id) => follow(bed.owner, id)))) expect(state).toMatch(/MINED|CONFIRMED|DENIED/);
    expect(SERVICES.filter((name) => !stack.process(name).alive())).toEqual([]);
    await bed.pays();
  });
});
