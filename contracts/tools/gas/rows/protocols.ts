import { type Address, encodeFunctionData, type Hex } from "viem";
import { RULE_KIND } from "../../../deploy/protocols.js";
import { policyRegistryAbi } from "../../../generated/policy-registry.js";
import { type Fixture, TRANSFER } from "../fixture.js";
import { gasOf } from "../measure.js";
import { type GasRow, row } from "../row.js";

const TARGETS: readonly [Address, Address] = ["0x00000000000000000000000000000000000c0de1", "0x00000000000000000000000000000000000c0de2"];

/** What one more protocol costs, once for every user. */
export async function protocolRows({ client, stack, vault }: Fixture): Promise<GasRow[]> {
  const rule = { enabledAt: 0, protocolId: 8, recipientArg: 0, amountArg: 1, kind: RULE_KIND.transfer, exactLength: 68 };
  const send = (data: Hex) => gasOf(client, stack.policyRegistry, data);
  const abi = policyRegistryAbi;
  const [target, other] = TARGETS;
  const addRule = await send(encodeFunctionData({ abi, functionName: "queueRule", args: [target, TRANSFER, rule] }));
  const addRecipient = await send(encodeFunctionData({ abi, functionName: "queueRecipient", args: [8, vault] }));
  const protocol = { ...rule, protocolId: 9 };
  const addBoth = await send(encodeFunctionData({ abi, functionName: "queueProtocol", args: [other, TRANSFER, protocol, [vault]] }));
  const remove = await send(encodeFunctionData({ abi, functionName: "removeRule", args: [target, TRANSFER] }));
  const pause = await send(encodeFunctionData({ abi, functionName: "pauseProtocol", args: [8] }));
  return [
    row("protocol_add_rule", addRule),
    row("protocol_add_recipient", addRecipient),
    row("protocol_add_total", addBoth, { bar: 95_000, note: "rule + recipient in one transaction, 0 signatures" }),
    row("protocol_remove", remove),
    row("protocol_pause", pause),
  ];
}
