import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moduleDomain, OWNER_TYPES } from "#platform/intent/typed-data.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { ACCOUNT, MODULE } from "#platform/session-policy/policy-document.builder.js";
import { nowSeconds, SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const OVERLOAD = 6;
const MEASURED = 60;
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

/** What stands here: the vault and its database. There is no policy, permissions, auth or Kafka. */
describe("the disarm lane, with only the vault and its database running", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  }, 120_000);
  afterAll(() => bed?.close());

  const requestsOf = (session: SessionBed, count: number) =>
    Promise.all(Array.from({ length: count }, () => session.signRequest({ amount: 1n })));

  it(`disarms on the owner's own signature while ${OVERLOAD} times what it can sign in a second waits in front of the ordinary lane`, async () => {
    const [flooded, stopped] = [await SessionBed.armed(bed, NO_COUNT), await SessionBed.armed(bed, NO_COUNT)];
    const { keyRef } = stopped.key;
    const [owner] = stopped.owners;
    if (owner === undefined) throw new Error("a session has an owner");
    const measured = await requestsOf(flooded, MEASURED);
    const begun = performance.now();
    await Promise.all(measured.map((request) => flooded.sign(request)));
    const perSecond = (MEASURED * 1_000) / (performance.now() - begun);

    const id = policyId(stopped.policy());
    const deadline = nowSeconds() + 600;
    const ownerSignature = await owner.signTypedData({
      domain: moduleDomain(31337n, MODULE),
      types: { Disarm: OWNER_TYPES.Disarm },
      primaryType: "Disarm",
      message: { safe: ACCOUNT, id, deadline },
    });
    const requests = await requestsOf(flooded, Math.max(200, Math.ceil(OVERLOAD * perSecond)));
    let waiting = requests.length;
    const flood = requests.map((request) =>
      flooded.sign(request).then(
        () => (waiting -= 1),
        () => (waiting -= 1),
      ),
    );
    const request = { keyRef, reason: "overload", ownerSignature, deadline: String(deadline), policyId: id };
    await expect(bed.client("gateway").disarm(request)).resolves.toMatchObject({ status: "done", generation: "2" });
    console.log(JSON.stringify({ signsPerSecond: Math.round(perSecond), offered: requests.length, waitingWhenDisarmed: waiting }));
    expect(waiting).toBeGreaterThan(0);
    await Promise.all(flood);
    await expect(stopped.sign(await stopped.signRequest({ amount: 1n }))).rejects.toMatchObject({ code: "FENCED" });
  }, 180_000);
});
