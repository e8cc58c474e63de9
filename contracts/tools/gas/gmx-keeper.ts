import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbiParameters } from "viem";
import { DOUBLE_ETH_PRICE } from "../../deploy/deploy-doubles.js";
import { sendAndWait } from "../../deploy/send-and-wait.js";
import { gmxDoubleAbi } from "../../generated/testing/gmx-double.js";
import { dataStoreAbi } from "./data-store-abi.js";
import type { Fixture } from "./fixture.js";

/** Plays GMX's keeper: fills the Safe's newest order at the market price. */
export async function executeLastOrder({ client, doubles, safe }: Fixture): Promise<void> {
  const { exchangeRouter, dataStore } = doubles.gmx.addresses;
  const list = keccak256(encodeAbiParameters(parseAbiParameters("bytes32, address"), [orderList(), safe]));
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

function orderList() {
  return keccak256(encodeAbiParameters(parseAbiParameters("string"), ["ACCOUNT_ORDER_LIST"]));
}
