import { type Hex, recoverAddress } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { intentDigest } from "#platform/intent/intent-digest.js";
import { SessionBed } from "./support/session-bed.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

describe("a vault with its core, through gRPC", () => {
  let bed: VaultBed;
  beforeAll(async () => {
    bed = await vaultBed();
  });
  afterAll(() => bed.close());

  const events = async (keyRef: string) =>
    (await bed.db.query<{ type: string }>("SELECT type FROM vault.event WHERE stream = $1 ORDER BY version", [`key-${keyRef}`])).rows.map(
      ({ type }) => type,
    );

  it("makes a key, seals its floor, signs an intent with it and destroys it, each step an event", async () => {
    const session = await SessionBed.generate(bed);
    await expect(bed.permissions.sealFloor(await session.sealRequest())).resolves.toMatchObject({ alreadySealed: false });
    const request = await session.signRequest();
    const { signature, digest, replayed } = await session.sign(request);
    expect(replayed).toBe(false);
    const intent = request.intent;
    if (intent === undefined) throw new Error("no intent");
    expect(digest).toBe(intentDigest(intent));
    const signer = await recoverAddress({ hash: digest as Hex, signature: signature as Hex });
    expect(signer.toLowerCase()).toBe(session.key.address);
    const done = await bed.permissions.disarm({
      keyRef: session.key.keyRef,
      reason: "test",
      ownerSignature: "",
      deadline: "0",
      policyId: "",
    });
    expect(done).toMatchObject({ status: "done", generation: "2", kekVersion: "1" });
    await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "FENCED" });
    await expect(events(session.key.keyRef)).resolves.toEqual([
      "key.generated.v1",
      "key.sealed.v1",
      "key.signed.v1",
      "key.disarmed.v1",
      "key.refused.v1",
    ]);
  });

  it("gives the same key when it is asked again for the same session", async () => {
    const session = await SessionBed.generate(bed);
    const owners = session.owners.map(({ address }) => address);
    const again = {
      sessionId: session.sessionId,
      account: "0x00000000000000000000000000000000000000a1",
      chainId: "31337",
      owners,
      threshold: 1,
    };
    const module = "0x00000000000000000000000000000000000000b1";
    await expect(bed.permissions.generateKey({ ...again, module })).resolves.toEqual(session.key);
    await expect(bed.permissions.generateKey({ ...again, module, threshold: 2 })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it("seals the same policy again without a change and refuses another", async () => {
    const session = await SessionBed.armed(bed);
    await expect(bed.permissions.sealFloor(await session.sealRequest())).resolves.toMatchObject({ alreadySealed: true });
    const wider = session.draft({ rate: { max: 0, windowSeconds: 86_400 } });
    await expect(bed.permissions.sealFloor(await session.sealRequest(session.owners, wider))).rejects.toMatchObject({
      code: "ALREADY_SEALED",
    });
  });

  it("signs nothing with an unsealed key", async () => {
    const session = await SessionBed.generate(bed);
    await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "UNSEALED" });
  });

  it("gives the stored signature for the same digest again, and nothing for another under its nonce", async () => {
    const session = await SessionBed.armed(bed);
    const intent = session.intent({ nonce: 5n });
    const first = await session.sign(await session.signRequest({}, intent));
    await expect(session.sign(await session.signRequest({}, intent))).resolves.toEqual({ ...first, replayed: true });
    const other = await session.signRequest({ nonce: 5n, amount: 2_000_000n });
    await expect(session.sign(other)).rejects.toMatchObject({ code: "NONCE_EQUIVOCATION" });
  });

  it("refuses every caller but the one an RPC is for", async () => {
    const session = await SessionBed.armed(bed);
    const asMonitor = bed.client("monitor");
    await expect(asMonitor.sign(await session.signRequest(), { freshToken: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(bed.relay.sealFloor(await session.sealRequest())).rejects.toMatchObject({ code: "FORBIDDEN" });
    const disarm = { keyRef: session.key.keyRef, reason: "", ownerSignature: "", deadline: "0", policyId: "" };
    await expect(bed.relay.disarm(disarm)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
