import { type EmergencyCall, isOwnerData } from "./calls.js";
import { type Chain, Refused, type Standing, Unreachable } from "./chain.js";
import { requestJson } from "./json-request.js";

const TRUE = `0x${"1".padStart(64, "0")}`;

/** The first node that answers. @throws Refused when a node says no, Unreachable when none answers */
async function ask(urls: readonly string[], method: string, params: readonly unknown[]): Promise<unknown> {
  let refused: Refused | undefined;
  for (const url of urls) {
    try {
      const { body } = await requestJson(url, { jsonrpc: "2.0", id: 1, method, params });
      if ("result" in body) return body.result;
      const { error } = body;
      refused = new Refused(typeof error === "object" && error !== null && "message" in error ? String(error.message) : "refused");
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
  throw refused ?? new Unreachable(urls.length === 0 ? "no chain node is given" : "none of the chain nodes answers");
}

/** The chain as nodes of the user's choice tell it; `urls` is asked each time, for they may change. */
export function nodeChain(chainId: number, urls: () => readonly string[]): Chain {
  const call = (to: string, data: string, from: string) => ask(urls(), "eth_call", [{ from, to, data, value: "0x0" }, "latest"]);
  return {
    async check({ to, data }: EmergencyCall, account: string, owner: string): Promise<void> {
      const seen = await ask(urls(), "eth_chainId", []);
      if (Number(seen) !== chainId) throw new Refused(`this node is on chain ${Number(seen)}, not ${chainId}`);
      if ((await call(account, isOwnerData(owner), owner)) !== TRUE) throw new Refused(`${owner} does not own ${account}`);
      await call(to, data, owner);
    },

    async sendRaw(raw: string): Promise<string> {
      const answers = await Promise.allSettled(urls().map((url) => ask([url], "eth_sendRawTransaction", [raw])));
      const taken = answers.find((answer) => answer.status === "fulfilled");
      if (taken !== undefined) return String(taken.value);
      const [first] = answers;
      throw first?.status === "rejected" ? first.reason : new Unreachable("no chain node is given");
    },

    async standing(hash: string): Promise<Standing> {
      const receipt = await ask(urls(), "eth_getTransactionReceipt", [hash]);
      return standingOf(receipt);
    },

    async reach() {
      try {
        const seen = Number(await ask(urls(), "eth_chainId", []));
        return { up: seen === chainId, sponsors: false, words: seen === chainId ? "" : `This node is on chain ${seen}, not ${chainId}.` };
      } catch {
        return { up: false, sponsors: false, words: "" };
      }
    },
  };
}

/** What a receipt, of a node or of a wallet, says. */
export function standingOf(receipt: unknown): Standing {
  if (typeof receipt !== "object" || receipt === null || !("status" in receipt)) return { state: "pending" };
  const blockNumber = "blockNumber" in receipt ? { blockNumber: String(Number(receipt.blockNumber)) } : {};
  return { state: receipt.status === "0x1" ? "mined" : "failed", ...blockNumber };
}
