import { readFileSync } from "node:fs";
import type { Address } from "viem";
import { z } from "zod";
import { sessionModuleAbi } from "../generated/session-module.js";

/** What stands in the two files beside this one; only what is added to is looked into. */
const template = z.looseObject({
  context: z.looseObject({ contract: z.looseObject({}).optional(), eip712: z.looseObject({}).optional() }),
  display: z.looseObject({ formats: z.record(z.string(), z.unknown()) }),
});

/** Where a session module stands. */
export interface DescribedModule {
  readonly chainId: number;
  readonly address: Address;
}

interface TypedField {
  readonly name: string;
  readonly type: string;
}

const DOMAIN: readonly TypedField[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

/**
 * The ERC-7730 descriptors of one deployment, as the registry of descriptors takes them: the templates with the deployment, the functions' ABI
 * and the messages' types filled in.
 * @returns file name -> descriptor
 */
export function completeDescriptors(folder: URL, module: DescribedModule): Readonly<Record<string, unknown>> {
  const read = (name: string) => template.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8")));
  const deployments = [{ chainId: module.chainId, address: module.address }];
  const calls = read("calldata-session-module.json");
  const messages = read("eip712-session-module.json");
  const functions = Object.keys(calls.display.formats).map((signature) => signature.slice(0, signature.indexOf("(")));
  const abi = sessionModuleAbi.filter((item) => item.type === "function" && functions.includes(item.name));
  const contract = { ...calls.context.contract, abi, deployments };
  const schemas = Object.keys(messages.display.formats).map(schemaOf);
  // The templates name a message by its whole type, so that a test can compare it with the contract's; version 1 of the format wants the name alone.
  const formats = Object.fromEntries(
    Object.entries(messages.display.formats).map(([encodeType, format]) => [schemaOf(encodeType).primaryType, format]),
  );
  const eip712 = { ...messages.context.eip712, schemas, deployments };
  return {
    "calldata-session-module.json": { ...calls, context: { ...calls.context, contract } },
    "eip712-session-module.json": { ...messages, context: { ...messages.context, eip712 }, display: { ...messages.display, formats } },
  };
}

/** An EIP-712 type string, `Name(type field,...)`, as a schema; every message of the module is flat. */
function schemaOf(encodeType: string) {
  const [primaryType = "", fields = ""] = encodeType.split(/[()]/);
  const own = fields.split(",").map((field): TypedField => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });
  return { primaryType, types: { EIP712Domain: DOMAIN, [primaryType]: own } };
}
