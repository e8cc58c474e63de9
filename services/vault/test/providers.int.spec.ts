import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { systemClock } from "#platform/kernel/clock.js";
import { devPki } from "../../../test/support/dev-attestation.js";
import { skipLoudly } from "../../../test/support/skip-loudly.js";
import { softHsm, softHsmMissing } from "../../../test/support/soft-hsm.js";
import { brokerServer } from "../src/attestation/broker-server.js";
import { KekBroker } from "../src/attestation/kek-broker.js";
import { sealShare } from "../src/signer-core/kek/unseal-box.js";
import { Pkcs11Token } from "../src/signer-core/providers/pkcs11-token.js";
import { holdCeremony } from "../src/signer-core/providers/shamir-ceremony.js";
import { adminClient } from "./support/admin-client.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { untilSigning, vaultBed } from "./support/vault-bed.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

describe("a vault whose key ring people have to open", () => {
  it("refuses, shows its progress, opens with enough shares, and is sealed again after its core was killed", async () => {
    const { config, shares } = await holdCeremony(randomUUID(), 3, 2);
    const bed = await vaultBed({ provider: config, sealed: true });
    try {
      const admin = adminClient("operator", bed.trust, bed.service.port);
      const status = await until(() => admin.kekStatus({}).catch(() => undefined));
      expect(status).toMatchObject({ provider: "shamir", sealed: true, sharesHave: 0, sharesNeed: 2 });
      await expect(SessionBed.generate(bed)).rejects.toMatchObject({ code: "KEK_SEALED" });
      const give = async (share: Uint8Array, key: string) => admin.unseal(await sealShare(`0x${key.slice(2)}`, share));
      const open = async (key: string) => {
        await expect(give(shares[0] ?? randomBytes(33), key)).resolves.toEqual({ sealed: true, sharesHave: 1, sharesNeed: 2 });
        await expect(give(randomBytes(33), key)).rejects.toMatchObject({ code: "SHARE_INVALID" });
        await expect(give(shares[2] ?? randomBytes(33), key)).resolves.toEqual({ sealed: false, sharesHave: 2, sharesNeed: 2 });
      };
      await open(status.unsealKey);
      await untilSigning(bed.service);
      const session = await SessionBed.armed(bed, NO_COUNT);
      await session.sign(await session.signRequest());
      process.kill(bed.corePid(), "SIGKILL");
      const again = await until(async () => {
        const now = await admin.kekStatus({}).catch(() => undefined);
        return now?.sealed && now.unsealKey !== status.unsealKey ? now : undefined;
      });
      await expect(give(shares[0] ?? randomBytes(33), status.unsealKey)).rejects.toMatchObject({ code: "SHARE_INVALID" });
      await open(again.unsealKey);
      await untilSigning(bed.service);
      await session.sign(await session.signRequest());
      const texts = shares.flatMap((share) => [share.toString("hex"), share.toString("base64")]);
      for (const text of texts) expect(bed.logs()).not.toContain(text);
    } finally {
      await bed.close();
    }
  });
});

describe("a vault whose key ring a broker releases", () => {
  it("signs, and every event says that no hardware vouched; in production it does not start", async () => {
    const pki = await devPki();
    const ring = JSON.stringify({ active: 1, keys: { "1": randomBytes(32).toString("base64") } });
    const options = { mode: "development", devRoot: pki.root, measurements: [pki.measurements] } as const;
    const server = brokerServer(new KekBroker({ ...options, clock: systemClock, ring: () => ring })).listen(0, "127.0.0.1");
    await once(server, "listening");
    const broker = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = { provider: "attested", broker, attester: pki.attester };
    const bed = await vaultBed({ provider, environment: { CUSTODY_MODE: "development" } });
    const strict = await vaultBed({ provider, sealed: true });
    try {
      const session = await SessionBed.armed(bed, NO_COUNT);
      expect(session.key).toMatchObject({ custody: "attested", attestationKind: "dev-not-hardware" });
      await session.sign(await session.signRequest());
      const { rows } = await bed.db.query<{ kind: string }>(
        "SELECT data->>'attestationKind' AS kind FROM vault.event WHERE stream LIKE 'key-%'",
      );
      expect(rows.map(({ kind }) => kind)).toEqual(["dev-not-hardware", "dev-not-hardware", "dev-not-hardware"]);
      await until(async () => (strict.logs().includes("DEV - NOT HARDWARE") ? true : undefined));
      expect(strict.service.runtime.capabilities.isAvailable("vault.sign")).toBe(false);
    } finally {
      server.close();
      await bed.close();
      await strict.close();
    }
  });
});

describe("a vault whose keys are in an HSM", () => {
  const missing = softHsmMissing();
  if (missing !== undefined) {
    skipLoudly("softhsm", "signs, fails closed while the token is out, and goes on when it is back", missing);
    return;
  }
  it("signs, fails closed while the token is out, and goes on when it is back with nothing lost", async () => {
    const hsm = softHsm();
    const token = new Pkcs11Token(hsm.config);
    token.connect();
    token.generate(1);
    token.close();
    const bed = await vaultBed({ provider: hsm.config });
    try {
      const session = await SessionBed.armed(bed, NO_COUNT);
      const request = await session.signRequest();
      const before = await session.sign(request);
      hsm.pullOut();
      process.kill(bed.corePid(), "SIGKILL");
      const during = await session.signRequest();
      await expect(session.sign(during)).rejects.toMatchObject({ code: expect.stringMatching(/^(DEPENDENCY_UNAVAILABLE|CONDITION)$/) });
      hsm.putBack();
      await untilSigning(bed.service);
      await expect(session.sign(request)).resolves.toMatchObject({ signature: before.signature });
      await session.sign(await session.signRequest());
      const { versions } = await adminClient("operator", bed.trust, bed.service.port).kekStatus({});
      expect(versions).toEqual([{ version: 1, state: "active", rows: 1 }]);
    } finally {
      await bed.close();
      hsm.remove();
    }
  });
});
