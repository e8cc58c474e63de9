import { describe, expect, it } from "vitest";
import { parseDeployment } from "./deployment.js";
import { readDeployment } from "./read-deployment.js";

const address = `0x${"Aa".repeat(20)}`;
const file = {
  chainId: 1,
  module: address,
  registry: address,
  metavaults: address,
  adapters: { vault: address },
  protocols: { erc20: 1 },
  confirmations: 1,
  later: true,
};

describe("a deployment file", () => {
  it("gives lower-case addresses and ignores keys it does not know", () => {
    expect(parseDeployment(JSON.stringify(file))).toMatchObject({ module: address.toLowerCase(), protocols: { erc20: 1 } });
  });
  it.each([
    ["{", "DEPLOYMENT_FILE: must be JSON"],
    [JSON.stringify({ ...file, module: "0x1" }), "DEPLOYMENT_FILE: module: must be an address"],
    [JSON.stringify({ ...file, protocols: { erc20: 0 } }), "DEPLOYMENT_FILE: protocols.erc20:"],
  ])("is refused naming the field: %#", (text, why) => {
    expect(() => parseDeployment(text)).toThrow(why);
  });
  it("must be readable", () => {
    expect(() => readDeployment("/nowhere/deployment.json")).toThrow("cannot be read");
  });
});
