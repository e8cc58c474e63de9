import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Pkcs11KekProvider } from "../../../services/vault/src/signer-core/providers/pkcs11-kek-provider.js";
import { Pkcs11Token } from "../../../services/vault/src/signer-core/providers/pkcs11-token.js";
import { skipLoudly } from "../../support/skip-loudly.js";
import { type SoftHsm, softHsm, softHsmMissing } from "../../support/soft-hsm.js";
import { kekProviderContract } from "./kek-provider-contract.js";

const missing = softHsmMissing();

function opened() {
  const hsm = softHsm();
  const token = new Pkcs11Token(hsm.config);
  token.connect();
  token.generate(1);
  return { hsm, token, provider: new Pkcs11KekProvider(token) };
}

if (missing === undefined) {
  kekProviderContract("pkcs11 with SoftHSM2", async () => {
    const { hsm, provider } = opened();
    return {
      provider,
      supplyVersion: async () => {},
      async close() {
        provider.close();
        hsm.remove();
      },
    };
  });

  describe("an HSM that goes away", () => {
    let hsm: SoftHsm;
    let provider: Pkcs11KekProvider;
    let token: Pkcs11Token;
    const binding = { keyRef: randomUUID(), account: "0x00000000000000000000000000000000000000a1", generation: 1 } as const;
    beforeAll(() => {
      ({ hsm, token, provider } = opened());
    });
    afterAll(() => {
      provider.close();
      hsm.remove();
    });

    it("goes on after its session was dropped under it", async () => {
      const dek = randomBytes(32);
      const row = await provider.wrap(dek, binding);
      token.close();
      expect((await provider.unwrap(row, binding))?.equals(dek)).toBe(true);
    });

    it("fails closed while the token is out, and opens every row once it is back", async () => {
      const dek = randomBytes(32);
      const row = await provider.wrap(dek, binding);
      hsm.pullOut();
      token.close();
      await expect(provider.unwrap(row, binding)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
      await expect(provider.wrap(dek, binding)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
      expect(provider.versions()).toEqual([]);
      hsm.putBack();
      expect((await provider.unwrap(row, binding))?.equals(dek)).toBe(true);
    });

    it("calls a forged row forged and a broken token broken, though the token has one code for both", async () => {
      const row = await provider.wrap(randomBytes(32), binding);
      const forged = { ...row, wrappedDek: `0x${"00".repeat(48)}` } as const;
      await expect(provider.unwrap(forged, binding)).resolves.toBeUndefined();
    });
  });
} else {
  skipLoudly("softhsm", "runs the KEK provider contract against SoftHSM2", missing);
}
