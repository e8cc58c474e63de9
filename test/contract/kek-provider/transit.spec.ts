import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { TransitClient, transitTransport } from "../../../services/vault/src/signer-core/providers/transit-client.js";
import { parseTransitConfig } from "../../../services/vault/src/signer-core/providers/transit-config.js";
import { TransitKekProvider } from "../../../services/vault/src/signer-core/providers/transit-kek-provider.js";
import { kekProviderContract } from "./kek-provider-contract.js";
import { playback, recorder } from "./recorded-exchanges.js";

const RECORDING = "test/golden/vault/transit-openbao-2.7.2.json";
/** Address of a live OpenBao in development mode, root token `root`: the suite then runs against it and records anew. */
const LIVE = process.env.OPENBAO_ADDRESS;

/** The same bytes in every run, or a recording could not be played. */
function counted(): (bytes: number) => Buffer {
  let count = 0;
  return (bytes) => createHash("sha256").update(`transit ${count++}`).digest().subarray(0, bytes);
}

kekProviderContract(
  `transit, by exchanges with ${LIVE === undefined ? "OpenBao 2.7.2 that were recorded" : "a live OpenBao"}`,
  async () => {
    const random = counted();
    const live = LIVE === undefined ? undefined : recorder(transitTransport({ address: LIVE, token: "root" }), "OpenBao 2.7.2");
    if (LIVE !== undefined) await prepare(LIVE);
    const client = new TransitClient(live?.send ?? playback(RECORDING), "transit", "interlock");
    return {
      provider: await TransitKekProvider.open(client, random),
      random,
      supplyVersion: async () => {},
      close: async () => live?.save(RECORDING),
    };
  },
);

describe("a transit engine that cannot be used", () => {
  const answering = (status: number) => new TransitClient(async () => ({ status, body: { errors: [] } }), "transit", "interlock");

  it.each([403, 404, 429, 500, 503])("is away, whatever it says with %i", async (status) => {
    await expect(TransitKekProvider.open(answering(status))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("is away when nothing answers", async () => {
    const client = new TransitClient(() => Promise.reject(new Error("connect ECONNREFUSED")), "transit", "interlock");
    await expect(client.decrypt("vault:v1:AA==", Buffer.alloc(32))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("is not spoken to without TLS in production, nor with a key that is not derived", async () => {
    const text = JSON.stringify({ provider: "transit", address: "http://vault:8200", key: "interlock", token: "t0ken" });
    expect(() => parseTransitConfig(text, "production")).toThrow("must be https in production");
    expect(parseTransitConfig(text, "development")).toMatchObject({ mount: "transit" });
    const body = { data: { derived: false, type: "aes256-gcm96", latest_version: 1, keys: { "1": 1 } } };
    const client = new TransitClient(async () => ({ status: 200, body }), "transit", "interlock");
    await expect(TransitKekProvider.open(client)).rejects.toThrow("must be derived");
  });

  it("is named in no error with its token", () => {
    const text = JSON.stringify({ provider: "transit", address: "vault", key: "interlock", token: "s3cret-token" });
    expect(() => parseTransitConfig(text, "production")).toThrow(/^(?!.*s3cret).*address/);
  });
});

async function prepare(address: string): Promise<void> {
  const root = transitTransport({ address, token: "root" });
  await root({ method: "POST", path: "sys/mounts/transit", body: { type: "transit" } });
  await root({ method: "POST", path: "transit/keys/interlock/config", body: { deletion_allowed: true } });
  const headers = { "x-vault-token": "root" };
  await fetch(new URL("/v1/transit/keys/interlock", address), { method: "DELETE", headers });
  await root({ method: "POST", path: "transit/keys/interlock", body: { type: "aes256-gcm96", derived: true } });
}
