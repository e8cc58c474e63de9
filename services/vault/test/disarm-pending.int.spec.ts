import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { createPool } from "#platform/database/pool.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import { KeyRepository } from "../src/adapters/postgres/key-repository.js";
import { DisarmKey } from "../src/application/disarm-key.js";
import { PendingFences } from "../src/application/pending-fences.js";

describe("a DISARM while the database is away", () => {
  const pool = createPool({ url: "postgres://nobody@127.0.0.1:1/none", applicationName: "test" });
  const store = new EventStore(pool, { schema: "vault", clock: systemClock, ids: uuidV7Factory(systemClock) });
  const fences = new PendingFences();
  const disarm = new DisarmKey(new KeyRepository(pool), store, systemClock, fences);
  const request = (keyRef: string, ownerSignature = "") => ({ keyRef, reason: "", ownerSignature, deadline: "0", policyId: "" });
  afterAll(() => pool.end());

  it("is pending, never done, and stops this process from signing with the key at once", async () => {
    const keyRef = randomUUID();
    await expect(disarm.run(request(keyRef), "permissions")).resolves.toMatchObject({ status: "pending" });
    expect(() => fences.check(keyRef)).toThrow(expect.objectContaining({ code: "FENCED" }));
    await expect(fences.retryAll()).resolves.toBe(1);
  });

  it("does not stop a key on an owner's signature that nobody could check", async () => {
    const keyRef = randomUUID();
    await expect(disarm.run(request(keyRef, `0x${"11".repeat(65)}`), "gateway")).resolves.toMatchObject({ status: "pending" });
    expect(() => fences.check(keyRef)).not.toThrow();
  });
});
