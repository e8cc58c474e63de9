import { randomBytes } from "node:crypto";
import { openFileProvider } from "../../../services/vault/src/signer-core/providers/open-file-provider.js";
import { kekProviderContract } from "./kek-provider-contract.js";

kekProviderContract("file", async () => {
  const fresh = () => randomBytes(32).toString("base64");
  let ring: { active: number; keys: Record<string, string> } = { active: 1, keys: { "1": fresh() } };
  return {
    provider: openFileProvider(() => JSON.stringify(ring)),
    async supplyVersion() {
      ring = { active: 2, keys: { ...ring.keys, "2": fresh() } };
    },
    close: async () => {},
  };
});
