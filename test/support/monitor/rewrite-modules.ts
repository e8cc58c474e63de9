import { type Address, concatHex, encodeAbiParameters, getContractAddress, keccak256, numberToHex, pad, zeroHash } from "viem";
import { execSafeTransaction } from "../../../contracts/deploy/exec-safe-transaction.js";
import type { World } from "../../../deploy/local/world.js";
import type { ArmedSession } from "./watched-chain.js";

/** Stores calldata[32..64] at calldata[0..32] of whoever delegates to it: PUSH1 32 CALLDATALOAD PUSH1 0 CALLDATALOAD SSTORE STOP. */
const STORE = "0x6020356000355500";
/** Constructor that returns the eight bytes behind its own twelve. */
const CONSTRUCTOR = "0x6008600c60003960086000f3";
/** Slot of `modules` in Safe 1.4.1 (singleton is 0). */
const MODULES_SLOT = 1n;

/** Takes the module off a Safe's list by a delegatecall that writes its storage: the list changes, no event says so. */
export async function rewriteModules({ client }: World, { account, module, owner }: ArmedSession): Promise<void> {
  const nonce = BigInt(await client.getTransactionCount({ address: client.account.address }));
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ data: concatHex([CONSTRUCTOR, STORE]) }) });
  const to = getContractAddress({ from: client.account.address, nonce });
  const data = concatHex([slotOf(module), zeroHash]);
  await execSafeTransaction(client, { safe: account, to, data, operation: 1, owners: [owner] });
}

function slotOf(module: Address) {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [module, pad(numberToHex(MODULES_SLOT))]));
}
