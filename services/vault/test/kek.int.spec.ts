import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { CompactSign, importJWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { VaultAdminServiceClient } from "#proto/interlock/vault/v1/vault_admin.js";
import { adminClient } from "./support/admin-client.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultBed, vaultBed } from "./support/vault-bed.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

describe("the key ring in the hands of operators", () => {
  let bed: VaultBed;
  let admin: GrpcClient<VaultAdminServiceClient>;
  beforeAll(async () => {
    bed = await vaultBed();
    admin = adminClient("operator", bed.trust, bed.service.port);
  });
  afterAll(() => bed.close());

  const supply = (version: number) => {
    const ring = JSON.parse(readFileSync(bed.files.kekFile, "utf8"));
    const keys = { ...ring.keys, [version]: randomBytes(32).toString("base64") };
    writeFileSync(bed.files.kekFile, JSON.stringify({ active: version, keys }));
  };
  const signed = async (request: string, operator: number) =>
    new CompactSign(Buffer.from(request))
      .setProtectedHeader({ alg: "EdDSA", typ: "interlock-operator+jws" })
      .sign(await importJWK(bed.trust.operatorKey(operator), "EdDSA"));
  const rewrapped = () =>
    until(async () => {
      const { rewrap } = await admin.kekStatus({});
      return rewrap?.state === "done" ? rewrap : undefined;
    });

  it("shows versions and how many keys need each", async () => {
    await SessionBed.armed(bed);
    await expect(admin.kekStatus({})).resolves.toMatchObject({
      provider: "file",
      attestationKind: "none",
      versions: [{ version: 1, state: "active", rows: 1 }],
      minDecryptVersion: 1,
      destroyed: [],
      sealed: false,
    });
  });

  it("is closed to every service", async () => {
    for (const service of ["permissions", "relay", "gateway"] as const) {
      await expect(adminClient(service, bed.trust, bed.service.port).kekStatus({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });

  it("does not rotate to nothing newer", async () => {
    await expect(admin.rotateKek({})).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("rotates and rewraps while the same keys go on signing, and then lets the old version go", async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => SessionBed.armed(bed, NO_COUNT)));
    supply(2);
    await expect(admin.rotateKek({})).resolves.toEqual({ activeVersion: 2 });
    await expect(admin.setMinDecryptVersion({ version: 2 })).rejects.toMatchObject({ code: "CONFLICT" });
    const started = await admin.startRewrap({ rowsPerSecond: 100 });
    expect(started.progress).toMatchObject({ state: "running", targetVersion: 2 });
    const signing = sessions.map(async (session) => session.sign(await session.signRequest({ amount: 1n })));
    await Promise.all(signing);
    await expect(rewrapped()).resolves.toMatchObject({ remaining: 0 });
    const { versions } = await admin.kekStatus({});
    expect(versions).toEqual([
      { version: 1, state: "decrypt-only", rows: 0 },
      { version: 2, state: "active", rows: 21 },
    ]);
    for (const session of sessions.slice(0, 3)) await session.sign(await session.signRequest({ amount: 1n }));
    await expect(admin.setMinDecryptVersion({ version: 2 })).resolves.toEqual({ minDecryptVersion: 2 });
  });

  it("opens no row that was put back from before the retired version", async () => {
    const session = await SessionBed.armed(bed);
    const { keyRef } = session.key;
    await bed.db.query("UPDATE vault.session_key SET kek_version = 1 WHERE key_ref = $1", [keyRef]);
    await expect(session.sign(await session.signRequest())).rejects.toMatchObject({ code: "KEK_RETIRED" });
    await bed.db.query("UPDATE vault.session_key SET kek_version = 2 WHERE key_ref = $1", [keyRef]);
  });

  it("says what destroying a version would orphan, and does it only for two operators with different keys", async () => {
    const { request, orphans } = await admin.prepareDestroy({ version: 1 });
    expect(orphans).toBe(0);
    const [one, two] = [await signed(request, 0), await signed(request, 1)];
    await expect(admin.destroyKek({ request, signatures: [one] })).rejects.toMatchObject({ code: "OPERATOR_QUORUM" });
    await expect(admin.destroyKek({ request, signatures: [one, one] })).rejects.toMatchObject({ code: "OPERATOR_QUORUM" });
    await expect(admin.destroyKek({ request, signatures: [one, await signed(request, 0)] })).rejects.toMatchObject({
      code: "OPERATOR_QUORUM",
    });
    const other = await signed(request.replace('"version":1', '"version":2'), 1);
    await expect(admin.destroyKek({ request, signatures: [one, other] })).rejects.toMatchObject({ code: "OPERATOR_QUORUM" });
    await expect(admin.destroyKek({ request: ` ${request}`, signatures: [one, two] })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(admin.destroyKek({ request, signatures: [one, two] })).resolves.toMatchObject({ version: 1, orphans: 0 });
    await expect(admin.kekStatus({})).resolves.toMatchObject({ versions: [{ version: 2 }], destroyed: [1] });
  });

  it("does not destroy the active version, whoever signs", async () => {
    const { request, orphans, orphanedKeys } = await admin.prepareDestroy({ version: 2 });
    expect(orphans).toBe(22);
    expect(orphanedKeys).toHaveLength(22);
    const signatures = [await signed(request, 0), await signed(request, 1)];
    await expect(admin.destroyKek({ request, signatures })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("keeps what was destroyed destroyed after signer-core was killed, though its file still has the version", async () => {
    process.kill(bed.corePid(), "SIGKILL");
    await until(async () =>
      admin.kekStatus({}).then(
        ({ versions }) => (versions.length === 1 ? versions : undefined),
        () => undefined,
      ),
    );
  });

  it("records each step as an event of the cluster", async () => {
    const { rows } = await bed.db.query<{ type: string }>("SELECT type FROM vault.event WHERE stream = 'kek' ORDER BY version");
    expect(rows.map(({ type }) => type)).toEqual(["kek.rotated.v1", "kek.rewrapped.v1", "kek.retired.v1", "kek.destroyed.v1"]);
  });
});
