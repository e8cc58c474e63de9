import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { addVersion, type Ceremony, holdCeremony } from "../../../services/vault/src/signer-core/providers/shamir-ceremony.js";
import { ShamirKekProvider } from "../../../services/vault/src/signer-core/providers/shamir-kek-provider.js";
import { kekProviderContract } from "./kek-provider-contract.js";

kekProviderContract("shamir, opened by 3 of 5", async () => {
  const { config, shares } = await holdCeremony(randomUUID(), 5, 3);
  let file = config;
  const provider = new ShamirKekProvider(() => JSON.stringify(file));
  for (const share of shares.slice(1, 4)) await provider.unseal(share);
  return {
    provider,
    async supplyVersion() {
      file = await addVersion(file, [...shares.slice(2, 5)]);
    },
    close: async () => {},
  };
});

describe("unsealing", () => {
  let ceremony: Ceremony;
  beforeAll(async () => {
    ceremony = await holdCeremony(randomUUID(), 5, 3);
  });
  const sealed = () => new ShamirKekProvider(() => JSON.stringify(ceremony.config));
  const share = (i: number) => ceremony.shares[i] ?? Buffer.alloc(0);

  it("shows its progress, and counts a share that is given twice once", async () => {
    const provider = sealed();
    expect(provider.sealState()).toEqual({ have: 0, need: 3 });
    await expect(provider.unseal(share(0))).resolves.toEqual({ have: 1, need: 3 });
    await expect(provider.unseal(share(0))).resolves.toEqual({ have: 1, need: 3 });
    await expect(provider.unseal(share(4))).resolves.toEqual({ have: 2, need: 3 });
    expect(provider.versions()).toEqual([]);
    await expect(provider.unseal(share(2))).resolves.toEqual({ have: 3, need: 3 });
    expect(provider.sealState()).toBeUndefined();
  });

  it("tells a wrong share from one that is missing, and does not let it spoil the right ones", async () => {
    const provider = sealed();
    await provider.unseal(share(0));
    const stranger = await holdCeremony(randomUUID(), 5, 3);
    for (const wrong of [stranger.shares[1] ?? Buffer.alloc(0), Buffer.alloc(33), Buffer.alloc(0), flipped(share(1))]) {
      await expect(provider.unseal(wrong)).rejects.toMatchObject({ code: "SHARE_INVALID", details: { have: 1, need: 3 } });
    }
    await provider.unseal(share(1));
    await provider.unseal(share(2));
    expect(provider.sealState()).toBeUndefined();
  });

  it("says that it is sealed and how many shares it has, instead of working or failing otherwise", async () => {
    const provider = sealed();
    await provider.unseal(share(3));
    const binding = { keyRef: randomUUID(), account: "0x00000000000000000000000000000000000000a1", generation: 1 } as const;
    const refused = { code: "KEK_SEALED", details: { have: 1, need: 3 } };
    await expect(provider.wrap(randomBytes(32), binding)).rejects.toMatchObject(refused);
    await expect(provider.rotate()).rejects.toMatchObject(refused);
    await expect(provider.destroy(1)).rejects.toMatchObject(refused);
  });

  it("does not open a ring of another ceremony, even with shares that are right", async () => {
    const other = await holdCeremony(randomUUID(), 5, 3);
    const mixed = { ...ceremony.config, sealedRing: other.config.sealedRing };
    const provider = new ShamirKekProvider(() => JSON.stringify(mixed));
    await provider.unseal(share(0));
    await provider.unseal(share(1));
    await expect(provider.unseal(share(2))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[5] = (copy[5] ?? 0) ^ 1;
  return copy;
}
