import { decodeFunctionData, encodeFunctionData, getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import { ACTIONS, emergencyCall, isAddress, isOwnerData, walletLink } from "./page/calls.js";

const account = getAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3");
const module = getAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0");
const FUNCTIONS = { close_all: "emergencyCloseAll", disarm_all: "disarmAll" } as const;

describe("the calls the emergency page makes by itself", () => {
  it.each(ACTIONS)("%s is what the module's ABI encodes", (action) => {
    const { to, data } = emergencyCall(action, account, module);
    const functionName = FUNCTIONS[action];
    expect([to, data]).toEqual([module, encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [account] })]);
  });

  it("stops sessions before it closes positions", () => expect(ACTIONS).toEqual(["disarm_all", "close_all"]));

  it("a wallet's link names function, module, chain and account (EIP-681)", () => {
    expect(walletLink("close_all", account, module, 10)).toBe(`ethereum:${module}@10/emergencyCloseAll?address=${account}`);
  });

  it("asks a Safe for its owner as the Safe is asked", () => {
    const abi = [
      { type: "function", name: "isOwner", stateMutability: "view", inputs: [{ type: "address" }], outputs: [{ type: "bool" }] },
    ] as const;
    const data = isOwnerData(account);
    expect(decodeFunctionData({ abi, data: `0x${data.slice(2)}` }).args).toEqual([account]);
  });

  it.each(["", "0x", "0x12", `${account}0`, account.slice(2), "vitalik.eth"])("takes %s for no address", (text) => {
    expect(isAddress(text)).toBe(false);
  });
});
