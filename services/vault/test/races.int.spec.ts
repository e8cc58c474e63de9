import type { TypedDataDefinition } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moduleDomain, OWNER_TYPES } from "#platform/intent/typed-data.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { ACCOUNT, MODULE } from "#platform/session-policy/policy-document.builder.js";
import { nowSeconds, SessionBed } from "./support/session-bed.js";
import { untilSigning, type VaultBed, vaultBed } from "./support/vault-bed.js";

const DISARM = { Disarm: OWNER_TYPES.Disarm } as const;
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

describe("races at the vault", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  });
  afterAll(() => bed.close());

  const byPermissions = (keyRef: string) =>
    bed.permissions.disarm({ keyRef, reason: "test", ownerSignature: "", deadline: "0", policyId: "" });
  const count = async (sql: string, keyRef: string) => Number((await bed.db.query<{ n: string }>(sql, [keyRef])).rows[0]?.n);

  it("makes one signature out of 100 parallel calls with the same tickets", async () => {
    const session = await SessionBed.armed(bed, NO_COUNT);
    const request = await session.signRequest();
    const answers = await Promise.all(Array.from({ length: 100 }, () => session.sign(request)));
    expect(new Set(answers.map(({ signature }) => signature)).size).toBe(1);
    expect(await count("SELECT count(*) AS n FROM vault.signature WHERE key_ref = $1", session.key.keyRef)).toBe(1);
    expect(
      await count("SELECT count(*) AS n FROM vault.event WHERE type = 'key.signed.v1' AND data->>'keyRef' = $1", session.key.keyRef),
    ).toBe(1);
  });

  it("signs one of 40 different payloads that race for one nonce", async () => {
    const session = await SessionBed.armed(bed, NO_COUNT);
    const attempts = Array.from({ length: 40 }, async (_, i) =>
      session.sign(await session.signRequest({ nonce: 3n, amount: BigInt(i + 1) })),
    );
    const settled = await Promise.allSettled(attempts);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of settled) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "NONCE_EQUIVOCATION" });
  });

  it("hands out no signature after a DISARM among 200 concurrent Signs has returned", async () => {
    const session = await SessionBed.armed(bed, NO_COUNT);
    const { keyRef } = session.key;
    const requests = await Promise.all(Array.from({ length: 200 }, () => session.signRequest({ amount: 1n })));
    const signing = requests.map((request) => session.sign(request));
    const settling = Promise.allSettled(signing);
    await Promise.any(signing);
    await expect(byPermissions(keyRef)).resolves.toMatchObject({ status: "done" });
    const after = await Promise.allSettled(requests.map((request) => session.sign(request)));
    const before = await settling;
    expect(before.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(after.every(({ status }) => status === "rejected")).toBe(true);
    expect(await count("SELECT count(*) AS n FROM vault.signature WHERE key_ref = $1 AND signature IS NOT NULL", keyRef)).toBe(0);
    const { rows } = await bed.db.query("SELECT wrapped_dek, encrypted_key, state FROM vault.session_key WHERE key_ref = $1", [keyRef]);
    expect(rows[0]).toMatchObject({ state: "disarmed", wrapped_dek: Buffer.alloc(0), encrypted_key: Buffer.alloc(0) });
    const order = await bed.db.query<{ type: string }>("SELECT type FROM vault.event WHERE stream = $1 ORDER BY version", [
      `key-${keyRef}`,
    ]);
    const types = order.rows.map(({ type }) => type);
    expect(types.slice(types.indexOf("key.disarmed.v1"))).not.toContain("key.signed.v1");
  });

  it("disarms again without a second event, and on the owner's own signature with permissions out of the way", async () => {
    const session = await SessionBed.armed(bed);
    const deadline = nowSeconds() + 60;
    const id = policyId(session.policy());
    const typed: TypedDataDefinition<typeof DISARM, "Disarm"> = {
      domain: moduleDomain(31337n, MODULE),
      types: DISARM,
      primaryType: "Disarm",
      message: { safe: ACCOUNT, id, deadline },
    };
    const [owner] = session.owners;
    const [stranger] = (await SessionBed.generate(bed)).owners;
    if (owner === undefined || stranger === undefined) throw new Error("no owner");
    const request = { keyRef: session.key.keyRef, reason: "owner", deadline: String(deadline), policyId: id };
    const asGateway = bed.client("gateway");
    const strange = await stranger.signTypedData(typed);
    await expect(asGateway.disarm({ ...request, ownerSignature: strange })).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    const ownerSignature = await owner.signTypedData(typed);
    await expect(asGateway.disarm({ ...request, ownerSignature, policyId: `0x${"00".repeat(32)}` })).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
    });
    await expect(asGateway.disarm({ ...request, ownerSignature })).resolves.toMatchObject({
      status: "done",
      generation: "2",
      rowsDestroyed: 1,
    });
    await expect(byPermissions(session.key.keyRef)).resolves.toMatchObject({ status: "done", generation: "2", rowsDestroyed: 0 });
  });

  it("recovers from kill -9 of signer-core in the middle of a run, with every signature counted", async () => {
    const session = await SessionBed.armed(bed, NO_COUNT);
    const requests = await Promise.all(Array.from({ length: 60 }, () => session.signRequest({ amount: 1n })));
    const first = Promise.allSettled(requests.map((request) => session.sign(request)));
    process.kill(bed.corePid(), "SIGKILL");
    const settled = await first;
    for (const one of settled) if (one.status === "rejected") expect(["DEPENDENCY_UNAVAILABLE", "CONDITION"]).toContain(one.reason.code);
    await untilSigning(bed.service);
    const again = await Promise.all(requests.map((request) => session.sign(request)));
    expect(new Set(again.map(({ signature }) => signature)).size).toBe(60);
    expect(
      await count("SELECT count(*) AS n FROM vault.event WHERE type = 'key.signed.v1' AND data->>'keyRef' = $1", session.key.keyRef),
    ).toBe(60);
  });

  it("quarantines a row that is older than its event stream, and still disarms it", async () => {
    const session = await SessionBed.armed(bed);
    const { keyRef } = session.key;
    await session.sign(await session.signRequest());
    await bed.db.query("UPDATE vault.session_key SET stream_version = stream_version - 1 WHERE key_ref = $1", [keyRef]);
    await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "WRONG_EXPECTED_VERSION" });
    await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "FENCED" });
    await expect(byPermissions(keyRef)).resolves.toMatchObject({ status: "done" });
  });

  it("writes no key material, ticket or signature into logs and events", async () => {
    const session = await SessionBed.armed(bed);
    const request = await session.signRequest();
    const { signature } = await session.sign(request);
    await expect(session.sign({ ...request, decision: `${request.decision}x` })).rejects.toMatchObject({ code: "TICKET_INVALID" });
    const events = JSON.stringify((await bed.db.query("SELECT * FROM vault.event")).rows);
    const { rows } = await bed.db.query<{ encrypted_key: Buffer; wrapped_dek: Buffer }>(
      "SELECT * FROM vault.session_key WHERE key_ref = $1",
      [session.key.keyRef],
    );
    const kek = Buffer.from(bed.files.kek, "base64");
    const secrets = [
      request.decision,
      request.authorization,
      signature.slice(2),
      bed.files.kek,
      kek.toString("hex"),
      ...rows.flatMap((row) => [row.encrypted_key.toString("hex"), row.wrapped_dek.toString("hex")]),
    ];
    expect(events).toContain(session.key.keyRef);
    expect(bed.logs()).toContain("signer-core");
    for (const secret of secrets) {
      expect(events).not.toContain(secret);
      expect(bed.logs()).not.toContain(secret);
    }
  });
});
