import { encodeFunctionData, parseEther } from "viem";
import { DOUBLE_ETH_PRICE, DOUBLE_MARKET } from "../../../deploy/deploy-doubles.js";
import { deployTestVault } from "../../../deploy/deploy-test-vault.js";
import { executeLastOrder } from "../../../deploy/gmx-keeper.js";
import { sendAndWait } from "../../../deploy/send-and-wait.js";
import { gmxOperationsAbi } from "../../../generated/gmx-operations.js";
import { policyRegistryAbi } from "../../../generated/policy-registry.js";
import { sessionModuleAbi } from "../../../generated/session-module.js";
import { vaultOperationsAbi } from "../../../generated/vault-operations.js";
import { advance } from "../chain.js";
import { adapterPolicy, type Fixture, USDC } from "../fixture.js";
import { armGas, gasOf } from "../measure.js";
import { type GasRow, row } from "../row.js";

/** `rulesBefore` of a policy that follows the registry. */
const FOLLOWING = 2 ** 40 - 1;

/** One owner's emergency close: of one vault position, then of two vaults and a GMX position. */
export async function closeRows(fixture: Fixture): Promise<GasRow[]> {
  const { client, ownerClient, safe, stack, vault, token } = fixture;
  const close = encodeFunctionData({ abi: sessionModuleAbi, functionName: "emergencyCloseAll", args: [safe] });
  const one = await gasOf(ownerClient, stack.sessionModule, close);

  const second = await deployTestVault(client, { asset: token, name: "Second vault", symbol: "v2USDC" });
  const queue = encodeFunctionData({ abi: policyRegistryAbi, functionName: "queueRecipient", args: [2, second] });
  await sendAndWait(client, { to: stack.policyRegistry, data: queue });
  await advance(client, fixture.delay + 1);
  const policy = { ...adapterPolicy(fixture), rulesBefore: FOLLOWING };
  await armGas(fixture, policy);
  const adapt = (adapter: `0x${string}`, args: `0x${string}`) =>
    gasOf(
      fixture.key,
      stack.sessionModule,
      encodeFunctionData({ abi: sessionModuleAbi, functionName: "execAdapter", args: [policy, adapter, args, []] }),
    );
  for (const target of [vault, second]) {
    await adapt(stack.vaultAdapter, encodeFunctionData({ abi: vaultOperationsAbi, functionName: "deposit", args: [target, 10n * USDC] }));
  }
  const fee = 2n * 10n ** 15n;
  const args = [DOUBLE_MARKET, token, true, 50n * USDC, 200n * 10n ** 30n, DOUBLE_ETH_PRICE, fee] as const;
  if (stack.gmxAdapter === undefined) throw new Error("the gas stack has a GMX double");
  await adapt(stack.gmxAdapter, encodeFunctionData({ abi: gmxOperationsAbi, functionName: "open", args }));
  await executeLastOrder(fixture);
  const three = await gasOf(ownerClient, stack.sessionModule, close, parseEther("0.002"));
  return [
    row("close_1", one, { note: "one vault position, by one owner" }),
    row("close_3", three, { note: "two vaults and a GMX position, the fee from the owner" }),
  ];
}
