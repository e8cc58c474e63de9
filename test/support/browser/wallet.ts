import { type Page } from "playwright-core";
import { type Hex, isHex, type PrivateKeyAccount, type TypedDataDefinition } from "viem";
import { z } from "zod";
import type { World } from "../../../deploy/local/world.js";

const call = z.object({ method: z.string(), params: z.array(z.unknown()).default([]) });
const transaction = z.object({ to: z.custom<Hex>(isHex), data: z.custom<Hex>(isHex), value: z.custom<Hex>(isHex) });
const typedData = z.custom<TypedDataDefinition>((value) => typeof value === "object" && value !== null && "primaryType" in value);

export interface InjectedWallet {
  /** Methods that were asked for, in order. */
  readonly asked: string[];
  /** From now on the user refuses everything. */
  refuse(): void;
}

/**
 * Puts a wallet of `account` into every document of `page`: an EIP-1193 provider that announces itself by EIP-6963, with a key that stays
 * on this side and a chain node of its own.
 */
export async function injectWallet(page: Page, account: PrivateKeyAccount, world: World): Promise<InjectedWallet> {
  const asked: string[] = [];
  let refusing = false;
  await page.exposeFunction("__wallet", async (given: unknown): Promise<unknown> => {
    const { method, params } = call.parse(given);
    asked.push(method);
    if (refusing) return { error: { code: 4001, message: "User rejected the request." } };
    return { result: await answer(method, params, account, world) };
  });
  await page.addInitScript(ANNOUNCE);
  return {
    asked,
    refuse() {
      refusing = true;
    },
  };
}

async function answer(method: string, params: readonly unknown[], account: PrivateKeyAccount, { client }: World): Promise<unknown> {
  switch (method) {
    case "eth_requestAccounts":
      return [account.address];
    case "eth_chainId":
      return `0x${client.chain.id.toString(16)}`;
    case "eth_sendTransaction": {
      const { to, data, value } = transaction.parse(params[0]);
      return client.sendTransaction({ account, to, data, value: BigInt(value), chain: client.chain });
    }
    case "eth_signTypedData_v4":
      return account.signTypedData(typedData.parse(JSON.parse(z.string().parse(params[1]))));
    case "eth_getTransactionReceipt": {
      const hash = z.custom<Hex>(isHex).parse(params[0]);
      const receipt = await client.getTransactionReceipt({ hash }).catch(() => undefined);
      if (receipt === undefined) return null;
      return { status: receipt.status === "success" ? "0x1" : "0x0", blockNumber: `0x${receipt.blockNumber.toString(16)}` };
    }
    default:
      throw new Error(`the test's wallet does not know ${method}`);
  }
}

/** Runs in the page before its own script. */
const ANNOUNCE = `
  const provider = {
    async request(call) {
      const { result, error } = await window.__wallet(call);
      if (error !== undefined) throw error;
      return result;
    },
  };
  const info = { uuid: "00000000-0000-4000-8000-000000000000", name: "Test Wallet", icon: "data:,", rdns: "test.wallet" };
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  addEventListener("eip6963:requestProvider", announce);
`;
