import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Address, concatHex, getContractAddress, type Hex, isHex } from "viem";
import type { DeployClient } from "../../contracts/deploy/deploy-client.js";
import { sendAndWait } from "../../contracts/deploy/send-and-wait.js";

const require = createRequire(import.meta.url);

/** The CREATE2 proxy through which ERC-4337's EntryPoints were deployed everywhere; the development chain has it from genesis. */
const DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/** Published addresses and salts. An address binds the whole init code: nothing but the genuine contract can stand there. */
const ENTRY_POINTS = {
  "0.7": {
    artifacts: "account-abstraction-0.7",
    address: "0x0000000071727De22E5E9d8BAf0edAc6f37da032",
    salt: "0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3",
  },
  "0.8": {
    artifacts: "@account-abstraction/contracts",
    address: "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108",
    salt: "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9",
  },
} as const;

export type EntryPointVersion = keyof typeof ENTRY_POINTS;

/** Init code of a contract of ERC-4337's own package from npm (GPL-3.0: for tests only, never shipped). */
export function readAccountAbstraction(version: EntryPointVersion, name: string): Hex {
  const file = require.resolve(`${ENTRY_POINTS[version].artifacts}/artifacts/${name}.json`);
  const artifact: unknown = JSON.parse(readFileSync(file, "utf8"));
  const bytecode = typeof artifact === "object" && artifact !== null ? Reflect.get(artifact, "bytecode") : undefined;
  if (!isHex(bytecode)) throw new Error(`${file} has no bytecode`);
  return bytecode;
}

/** Deploys `initCode` through the CREATE2 proxy; the address is a function of code and salt. */
export async function deployDeterministically(client: DeployClient, initCode: Hex, salt: Hex): Promise<Address> {
  const address = getContractAddress({ opcode: "CREATE2", from: DEPLOYER, salt, bytecode: initCode });
  if ((await client.getCode({ address })) === undefined) await sendAndWait(client, { to: DEPLOYER, data: concatHex([salt, initCode]) });
  return address;
}

/** Puts the genuine EntryPoint where it stands on every chain. @returns that address, which is the published one */
export async function deployEntryPoint(client: DeployClient, version: EntryPointVersion): Promise<Address> {
  const { address, salt } = ENTRY_POINTS[version];
  const deployed = await deployDeterministically(client, readAccountAbstraction(version, "EntryPoint"), salt);
  if (deployed !== address) throw new Error(`EntryPoint ${version} from npm would stand at ${deployed}, not at ${address}`);
  return deployed;
}
