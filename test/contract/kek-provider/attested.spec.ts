import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../services/platform/src/kernel/clock.js";
import { brokerServer } from "../../../services/vault/src/attestation/broker-server.js";
import { DevAttester } from "../../../services/vault/src/attestation/dev-attester.js";
import { KekBroker } from "../../../services/vault/src/attestation/kek-broker.js";
import { openAttestedProvider } from "../../../services/vault/src/signer-core/providers/open-attested-provider.js";
import { devPki } from "../../support/dev-attestation.js";
import { kekProviderContract } from "./kek-provider-contract.js";

async function brokered(mode: "production" | "development" = "development") {
  const pki = await devPki();
  let ring = { active: 1, keys: { "1": randomBytes(32).toString("base64") } as Record<string, string> };
  const outcomes: unknown[] = [];
  const broker = new KekBroker({
    mode,
    devRoot: pki.root,
    measurements: [pki.measurements],
    clock: systemClock,
    ring: () => JSON.stringify(ring),
    record: (outcome) => outcomes.push(outcome),
  });
  const server = brokerServer(broker).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    pki,
    outcomes,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attester: new DevAttester(pki.attester, systemClock, "development"),
    async supplyVersion() {
      ring = { active: 2, keys: { ...ring.keys, "2": randomBytes(32).toString("base64") } };
    },
    async close() {
      server.close();
    },
  };
}

kekProviderContract("attested, by a development attester (DEV - NOT HARDWARE)", async () => {
  const { url, attester, supplyVersion, close } = await brokered();
  return { provider: await openAttestedProvider(url, attester, "development"), supplyVersion, close };
});

describe("the release of KEKs to an attested process", () => {
  let bed: Awaited<ReturnType<typeof brokered>>;
  beforeAll(async () => {
    bed = await brokered();
  });
  afterAll(() => bed.close());

  it("names the provider after what vouched for it", async () => {
    expect((await openAttestedProvider(bed.url, bed.attester, "development")).name).toBe("attested-dev");
    expect(bed.outcomes.at(-1)).toEqual({ released: true, kind: "dev-not-hardware" });
  });

  it("is refused in production on both sides: by the vault, and by a broker whose policy names a development root", async () => {
    await expect(openAttestedProvider(bed.url, bed.attester, "production")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(() => new DevAttester(bed.pki.attester, systemClock, "production")).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    const strict = await brokered("production");
    await expect(openAttestedProvider(strict.url, strict.attester, "development")).rejects.toMatchObject({ code: "ATTESTATION_INVALID" });
    expect(strict.outcomes.at(-1)).toEqual({ released: false, rule: "the chain's root is not a pinned one" });
    await strict.close();
  });

  it("is refused to other code and to a replayed challenge", async () => {
    const other = new DevAttester(
      { ...bed.pki.attester, pcrs: { ...bed.pki.measurements, "0": "12".repeat(48) } },
      systemClock,
      "development",
    );
    await expect(openAttestedProvider(bed.url, other, "development")).rejects.toMatchObject({ code: "ATTESTATION_INVALID" });
    let seen: Buffer | undefined;
    const replaying = {
      attest(nonce: Buffer, publicKey: Buffer) {
        seen ??= bed.attester.attest(nonce, publicKey);
        return seen;
      },
    };
    await openAttestedProvider(bed.url, replaying, "development");
    await expect(openAttestedProvider(bed.url, replaying, "development")).rejects.toMatchObject({ code: "ATTESTATION_INVALID" });
  });

  it("says that the broker is away", async () => {
    await expect(openAttestedProvider("http://127.0.0.1:1", bed.attester, "development")).rejects.toMatchObject({
      code: "DEPENDENCY_UNAVAILABLE",
    });
  });
});
