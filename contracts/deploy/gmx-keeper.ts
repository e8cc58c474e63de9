import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, keccak256, parseAbiParameters } from "viem";
import { gmxDoubleAbi } from "../generated/testing/gmx-double.js";
import { dataStoreAbi } from "./data-store-abi.js";
import type { DeployClient } from "./deploy-client.js";
import { DOUBLE_ETH_PRICE, type Doubles } from "./deploy-doubles.js";
import { sendAndWait } from "./send-and-wait.js";

export interface KeptOrders {
  readonly client: DeployClient;
  readonly doubles: Doubles;
  readonly safe: Address;
}

/** Plays GMX's keeper at the double: fills the Safe's newest order at the market price. */
export async function executeLastOrder({ client, doubles, safe }: KeptOrders): Promise<void> {
  const { exchangeRouter, dataStore } = doubles.gmx.addresses;
  const list = accountList("ACCOUNT_ORDER_LIST", safe);
  const keys = await client.readContract({
    address: dataStore,
    abi: dataStoreAbi,
    functionName: "getBytes32ValuesAt",
    args: [list, 0n, 32n],
  });
  const key = keys.at(-1);
  if (key === undefined) throw new Error("the Safe has no order at the GMX double");
  const data = encodeFunctionData({ abi: gmxDoubleAbi, functionName: "executeOrder", args: [key, DOUBLE_ETH_PRICE] });
  await sendAndWait(client, { to: exchangeRouter, data });
}

/** How many positions the Safe has at the double. */
export function positionCount({ client, doubles, safe }: KeptOrders): Promise<bigint> {
  return client.readContract({
    address: doubles.gmx.addresses.dataStore,
    abi: dataStoreAbi,
    functionName: "getBytes32Count",
    args: [accountList("ACCOUNT_POSITION_LIST", safe)],
  });
}

/** Key of an account's set in GMX's DataStore: keccak256(abi.encode(keccak256(abi.encode(name)), account)). */
function accountList(name: string, account: Address): Hex {
  const set = keccak256(encodeAbiParameters(parseAbiParameters("string"), [name]));
  return keccak256(encodeAbiParameters(parseAbiParameters("bytes32, address"), [set, account]));
}
