import { describe, expect, it } from "vitest";
import { sessionKey } from "../session-key.builder.js";
import { keyDisarmed, keyGenerated, keyRefused, keySealed, keySigned } from "./key-events.js";

const key = sessionKey();
const { account, chainId, sessionId, keyRef, module, owners } = key.record;
const about = { account, chainId, sessionId, keyRef, generation: "1", attestationKind: "none" };

describe("the events of a key", () => {
  it("say for whom and under which key-encryption key it was generated", () => {
    expect(keyGenerated(key)).toEqual({
      type: "key.generated.v1",
      data: {
        ...about,
        address: key.address,
        module,
        owners: [...owners],
        threshold: 2,
        kekVersion: "5",
        provider: "file",
        custody: "server",
      },
    });
  });

  it("say which policy was sealed as the floor", () => {
    if (key.sealed === undefined) throw new Error("the builder's key is sealed");
    const { policyId, policyHash } = key.sealed;
    expect(keySealed(key, key.sealed, "0xf1")).toEqual({
      type: "key.sealed.v1",
      data: { ...about, policyId, policyHash, floorHash: "0xf1" },
    });
  });

  it("say what was signed, refused and disarmed", () => {
    expect(keySigned(key, { digest: "0x01" })).toEqual({ type: "key.signed.v1", data: { ...about, digest: "0x01" } });
    expect(keyRefused(key, "EXPIRED", { digest: "0x01" })).toEqual({
      type: "key.refused.v1",
      data: { ...about, code: "EXPIRED", digest: "0x01" },
    });
    expect(keyDisarmed(key, { by: "owner" })).toEqual({ type: "key.disarmed.v1", data: { ...about, by: "owner" } });
  });

  it("name the row's own generation, which a disarm has raised above the record's", () => {
    expect(keyDisarmed(sessionKey({ generation: 2 }), {}).data).toMatchObject({ generation: "2" });
  });

  it("carry nothing of the encrypted record", () => {
    const secret = [key.record.encryptedKey, key.record.wrappedDek, key.record.commitment, key.record.dekSalt];
    const text = JSON.stringify([keyGenerated(key), keySigned(key, {}), keyRefused(key, "FENCED", {}), keyDisarmed(key, {})]);
    for (const value of secret) expect(text).not.toContain(value.slice(2));
  });
});
