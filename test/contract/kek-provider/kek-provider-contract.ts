import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DekBinding } from "../../../services/vault/src/domain/envelope/aad.js";
import type { WrappedDek } from "../../../services/vault/src/domain/envelope/key-record.js";
import type { KekProvider } from "../../../services/vault/src/signer-core/providers/kek-provider.js";

/** One provider as the contract needs it: ready, with version 1 active. */
export interface ProviderBed {
  readonly provider: KekProvider;
  /** Makes a newer version available to `rotate`, where that is the operator's work. */
  supplyVersion(): Promise<void>;
  /** Bytes for the suite's own data keys; recorded exchanges need the same ones every time. */
  readonly random?: (bytes: number) => Buffer;
  close(): Promise<void>;
}

const BINDING: DekBinding = {
  keyRef: "01936b2e-0000-7000-8000-000000000001",
  account: "0x00000000000000000000000000000000000000a1",
  generation: 1,
};
const FIELDS = ["dekSalt", "dekIv", "wrappedDek"] as const;

/** What every keeper of key-encryption keys owes the vault. */
export function kekProviderContract(name: string, open: () => Promise<ProviderBed>): void {
  describe(`the KEK provider ${name}`, () => {
    let bed: ProviderBed;
    let dek: Buffer;
    const fresh32 = () => (bed.random ?? randomBytes)(32);
    beforeAll(async () => {
      bed = await open();
      dek = fresh32();
    });
    afterAll(() => bed?.close());

    const unwrap = (row: WrappedDek, binding = BINDING) => bed.provider.unwrap(row, binding);

    it("gives back the data key it wrapped, in a buffer of its own", async () => {
      const row = await bed.provider.wrap(dek, BINDING);
      const [first, second] = [await unwrap(row), await unwrap(row)];
      expect(first?.equals(dek)).toBe(true);
      first?.fill(0);
      expect(second?.equals(dek)).toBe(true);
      expect(row).toMatchObject({ provider: bed.provider.name, kekVersion: 1 });
    });

    it("wraps the same key differently each time and shows none of it", async () => {
      const rows = [await bed.provider.wrap(dek, BINDING), await bed.provider.wrap(dek, BINDING)];
      expect(rows[0]?.wrappedDek).not.toBe(rows[1]?.wrappedDek);
      for (const row of rows) expect(JSON.stringify(row)).not.toContain(dek.toString("hex"));
    });

    it("opens a row for no other key, account or generation", async () => {
      const row = await bed.provider.wrap(dek, BINDING);
      for (const over of [
        { keyRef: "01936b2e-0000-7000-8000-000000000002" },
        { account: "0x00000000000000000000000000000000000000a2" as const },
        { generation: 2 },
      ]) {
        await expect(unwrap(row, { ...BINDING, ...over })).resolves.toBeUndefined();
      }
    });

    it("opens nothing with a byte changed, cut off or taken from another row", async () => {
      const [row, other] = [await bed.provider.wrap(dek, BINDING), await bed.provider.wrap(fresh32(), BINDING)];
      for (const field of FIELDS) {
        const bytes = Buffer.from(row[field].slice(2), "hex");
        for (let i = 0; i < bytes.length; i += 1) {
          const flipped = Buffer.from(bytes);
          flipped[i] = (flipped[i] ?? 0) ^ 1;
          await expect(unwrap({ ...row, [field]: `0x${flipped.toString("hex")}` })).resolves.toBeUndefined();
        }
        await expect(unwrap({ ...row, [field]: row[field].slice(0, -2) })).resolves.toBeUndefined();
        await expect(unwrap({ ...row, [field]: other[field] })).resolves.toBeUndefined();
      }
    });

    it("does not open rows of another provider, and says that it lacks a version it never had", async () => {
      const row = await bed.provider.wrap(dek, BINDING);
      await expect(unwrap({ ...row, provider: "other" })).resolves.toBeUndefined();
      await expect(unwrap({ ...row, kekVersion: 77 })).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    });

    it("rotates: new rows under the new version, old rows still open, and neither under the other's number", async () => {
      const old = await bed.provider.wrap(dek, BINDING);
      await bed.supplyVersion();
      await expect(bed.provider.rotate()).resolves.toEqual({ version: 2, state: "active" });
      const fresh = await bed.provider.wrap(dek, BINDING);
      expect([old.kekVersion, fresh.kekVersion]).toEqual([1, 2]);
      expect((await unwrap(old))?.equals(dek)).toBe(true);
      expect((await unwrap(fresh))?.equals(dek)).toBe(true);
      await expect(unwrap({ ...old, kekVersion: 2 })).resolves.toBeUndefined();
      expect(bed.provider.versions()).toEqual([
        { version: 1, state: "decrypt-only" },
        { version: 2, state: "active" },
      ]);
    });

    it("destroys an old version for good, again without complaint, and never the active one", async () => {
      const [oldest] = bed.provider.versions();
      const fresh = await bed.provider.wrap(dek, BINDING);
      await expect(bed.provider.destroy(fresh.kekVersion)).rejects.toMatchObject({ code: "CONFLICT" });
      await bed.provider.destroy(oldest?.version ?? 0);
      await bed.provider.destroy(oldest?.version ?? 0);
      expect(bed.provider.versions()).toEqual([{ version: 2, state: "active" }]);
      expect((await unwrap(fresh))?.equals(dek)).toBe(true);
      await expect(unwrap({ ...fresh, kekVersion: 1 })).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    });
  });
}
