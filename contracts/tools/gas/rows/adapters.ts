import { encodeFunctionData, type Hex } from "viem";
import { DOUBLE_ETH_PRICE, DOUBLE_MARKET } from "../../../deploy/deploy-doubles.js";
import { executeLastOrder } from "../../../deploy/gmx-keeper.js";
import type { OnchainPolicy } from "../../../deploy/policy.js";
import { gmxOperationsAbi } from "../../../generated/gmx-operations.js";
import { sessionModuleAbi } from "../../../generated/session-module.js";
import { swapOperationsAbi } from "../../../generated/swap-operations.js";
import { vaultOperationsAbi } from "../../../generated/vault-operations.js";
import { adapterPolicy, type Fixture, USDC } from "../fixture.js";
import { armGas, gasOf } from "../measure.js";
import { type GasRow, row } from "../row.js";

const FEE = 2n * 10n ** 15n;
const USD = 10n ** 30n;

/** Typed operations through the adapters; GMX and the swap router are the doubles. */
export async function adapterRows(fixture: Fixture): Promise<GasRow[]> {
  const policy = adapterPolicy(fixture);
  await armGas(fixture, policy);
  return [...(await vaultRows(fixture, policy)), ...(await gmxRows(fixture, policy)), await swapRow(fixture, policy)];
}

async function vaultRows(fixture: Fixture, policy: OnchainPolicy): Promise<GasRow[]> {
  const { stack, vault } = fixture;
  const operate = (functionName: "deposit" | "redeem", amount: bigint) =>
    adapt(fixture, policy, stack.vaultAdapter, encodeFunctionData({ abi: vaultOperationsAbi, functionName, args: [vault, amount] }));
  const first = await operate("deposit", 10n * USDC);
  const deposit = await operate("deposit", 10n * USDC);
  const redeem = await operate("redeem", 5n * USDC);
  return [
    row("vault_deposit_first", first, { note: "also lists the vault for emergency close" }),
    row("vault_deposit", deposit),
    row("vault_redeem", redeem),
  ];
}

/** The second position is measured: the first one pays for storage that GMX writes once. */
async function gmxRows(fixture: Fixture, policy: OnchainPolicy): Promise<GasRow[]> {
  const { stack, token } = fixture;
  const gmxAdapter = stack.gmxAdapter;
  if (gmxAdapter === undefined) throw new Error("the gas stack has a GMX double");
  const open = async () => {
    const args = [DOUBLE_MARKET, token, true, 50n * USDC, 200n * USD, DOUBLE_ETH_PRICE, FEE] as const;
    const gas = await adapt(fixture, policy, gmxAdapter, encodeFunctionData({ abi: gmxOperationsAbi, functionName: "open", args }));
    await executeLastOrder(fixture);
    return gas;
  };
  const close = async () => {
    const args = [DOUBLE_MARKET, token, true, (DOUBLE_ETH_PRICE * 99n) / 100n, FEE] as const;
    const gas = await adapt(fixture, policy, gmxAdapter, encodeFunctionData({ abi: gmxOperationsAbi, functionName: "close", args }));
    await executeLastOrder(fixture);
    return gas;
  };
  await open();
  await close();
  const opened = await open();
  return [row("gmx_open", opened, { note: "on a GMX double" }), row("gmx_close", await close(), { note: "on a GMX double" })];
}

async function swapRow(fixture: Fixture, policy: OnchainPolicy): Promise<GasRow> {
  const { stack, doubles, token } = fixture;
  if (stack.swapAdapter === undefined) throw new Error("the gas stack has a swap double");
  const args = [doubles.outputToken, token, 500, 30n * USDC, 0n] as const;
  const data = encodeFunctionData({ abi: swapOperationsAbi, functionName: "swap", args });
  await adapt(fixture, policy, stack.swapAdapter, data);
  return row("swap", await adapt(fixture, policy, stack.swapAdapter, data), { note: "on a router double" });
}

function adapt({ key, stack }: Fixture, policy: OnchainPolicy, adapter: `0x${string}`, args: Hex): Promise<number> {
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "execAdapter", args: [policy, adapter, args, []] });
  return gasOf(key, stack.sessionModule, data);
}
