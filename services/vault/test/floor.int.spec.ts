import { randomUUID } from "node:crypto";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALICE, BOB, TO_ALICE, transferRule, USDC } from "#platform/session-policy/policy-document.builder.js";
import { nowSeconds, SessionBed, transfer } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

describe("the sealed floor against stolen neighbours", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  });
  afterAll(() => bed.close());

  const call = (to: string, data: string, value = "0") => ({ action: { call: { to, value, data } } });

  it("does not seal a wider policy that no owner signed, whoever's keys were stolen", async () => {
    const session = await SessionBed.generate(bed);
    const thief = privateKeyToAccount(generatePrivateKey());
    const wide = session.draft({
      rate: { max: 0, windowSeconds: 86_400 },
      rules: [transferRule({ where: { op: "in", path: "to", values: [ALICE, BOB] } })],
    });
    await expect(bed.permissions.sealFloor(await session.sealRequest([thief], wide))).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
    });
    const honest = await session.sealRequest();
    const swapped = { ...honest, document: wide };
    await expect(bed.permissions.sealFloor(swapped)).rejects.toMatchObject({ code: "POLICY_MISMATCH" });
    const both = await session.sealRequest([thief], wide);
    await expect(bed.permissions.sealFloor({ ...both, signatures: honest.signatures })).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
    });
    await expect(bed.permissions.describeKey({ keyRef: session.key.keyRef })).resolves.toMatchObject({ state: "generated" });
  });

  it("does not take one session's owner signature for another session of the same owner", async () => {
    const [first, second] = [await SessionBed.generate(bed), await SessionBed.generate(bed)];
    const request = await first.sealRequest();
    await expect(bed.permissions.sealFloor({ ...request, keyRef: second.key.keyRef })).rejects.toMatchObject({ code: "POLICY_MISMATCH" });
  });

  it("wants as many distinct owners as the account's threshold at GENERATE", async () => {
    const session = await SessionBed.generate(bed, 3, 2);
    const [one, two] = session.owners;
    if (one === undefined || two === undefined) throw new Error("no owners");
    await expect(bed.permissions.sealFloor(await session.sealRequest([one]))).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    const single = await session.sealRequest([one]);
    const doubled = { ...single, signatures: `${single.signatures}${single.signatures.slice(2)}` };
    await expect(bed.permissions.sealFloor(doubled)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    await expect(bed.permissions.sealFloor(await session.sealRequest([one, two]))).resolves.toMatchObject({ alreadySealed: false });
  });

  it.each([
    ["another recipient", call(USDC, transfer(BOB, 1_000_000n))],
    ["another target", call(BOB, transfer(ALICE, 1_000_000n))],
    ["another function", call(USDC, `0x095ea7b3${transfer(ALICE, 1_000_000n).slice(10)}`)],
    ["native value", call(USDC, transfer(ALICE, 1_000_000n), "1")],
    ["bytes behind the arguments", call(USDC, `${transfer(ALICE, 1_000_000n)}00`)],
    ["dirty bits above the recipient", call(USDC, transfer(ALICE, 1_000_000n).replace("0xa9059cbb00", "0xa9059cbb01"))],
  ])("signs no %s though policy and permissions both say yes", async (_name, intent) => {
    const session = await SessionBed.armed(bed);
    await expect(session.sign(await session.signRequest({ intent }))).rejects.toMatchObject({ code: "FLOOR_EXCEEDED" });
  });

  it("signs no operation above the owners' limit of one operation", async () => {
    const session = await SessionBed.armed(bed);
    const request = await session.signRequest({ amount: 500_000_001n });
    await expect(session.sign(request)).rejects.toMatchObject({ code: "FLOOR_EXCEEDED", details: { reason: "PER_OP_EXCEEDED" } });
  });

  it("counts by itself: permissive tickets for ever never get past the owners' budget and rate", async () => {
    const session = await SessionBed.armed(bed, { rules: [transferRule({ where: TO_ALICE })] });
    const outcomes = [];
    for (let i = 0; i < 6; i += 1) {
      const request = await session.signRequest({ amount: 500_000_000n });
      outcomes.push(
        await session.sign(request).then(
          () => "signed",
          (error) => error.details.reason,
        ),
      );
    }
    expect(outcomes).toEqual(["signed", "signed", "signed", "signed", "BUDGET_EXCEEDED", "BUDGET_EXCEEDED"]);
    const small = await SessionBed.armed(bed);
    const attempts = Array.from({ length: 30 }, async () =>
      small.sign(await small.signRequest({ amount: 1n })).then(
        () => 1,
        () => 0,
      ),
    );
    expect((await Promise.all(attempts)).reduce((sum: number, one) => sum + one, 0)).toBe(10);
  });

  it("signs no deadline more than 120 s away, and none that has passed", async () => {
    const session = await SessionBed.armed(bed);
    const at = async (deadline: number) => session.sign(await session.signRequest({ intent: { deadline: String(deadline) } }));
    await expect(at(nowSeconds() + 122)).rejects.toMatchObject({ code: "DEADLINE_TOO_FAR" });
    await expect(at(nowSeconds() - 1)).rejects.toMatchObject({ code: "EXPIRED" });
    await expect(at(nowSeconds() + 119)).resolves.toMatchObject({ replayed: false });
  });

  it("signs nothing for another chain, module or policy", async () => {
    const session = await SessionBed.armed(bed);
    const sign = async (intent: object) => session.sign(await session.signRequest({ intent }));
    await expect(sign({ chainId: "1" })).rejects.toMatchObject({ code: "CHAIN_MISMATCH" });
    await expect(sign({ module: "0x00000000000000000000000000000000000000b9" })).rejects.toMatchObject({ code: "INTENT_MISMATCH" });
    await expect(sign({ policyId: `0x${"12".repeat(32)}` })).rejects.toMatchObject({ code: "INTENT_MISMATCH" });
  });

  it("answers malformed requests with the field and the rule", async () => {
    const session = await SessionBed.armed(bed);
    const request = await session.signRequest();
    await expect(session.sign({ ...request, keyRef: "nope" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: { field: "key_ref" },
    });
    await expect(session.sign({ ...request, keyRef: randomUUID() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(session.sign({ ...request, intent: undefined })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
