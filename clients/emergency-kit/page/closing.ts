import { type Action, emergencyCall } from "./calls.js";
import { type Chain, Refused, type Standing, Unreachable } from "./chain.js";
import { standingOf } from "./node-chain.js";
import type { Progress } from "./progress.js";
import type { Wallet } from "./wallets.js";

const WORDS = {
  disarm_all: { doing: "Stopping every session", done: "Every session is stopped" },
  close_all: { doing: "Closing every position", done: "Everything is closed; the proceeds are in your Safe" },
} as const;
const POLL_MS = 2_000;
/** After this many looks without an answer the page says that it stops looking; the transaction goes its way all the same. */
const LOOKS = 150;

export interface Closing {
  readonly chain: Chain;
  readonly wallet: Wallet;
  readonly owner: string;
  readonly account: string;
  readonly module: string;
  readonly progress: Progress;
  /** Do not ask the chain whether it would work. */
  readonly unchecked: boolean;
}

/** The owner's wallet sends and pays: with every service gone and every node of ours dead, as long as the wallet has one. */
export async function sendFromWallet(action: Action, closing: Closing): Promise<void> {
  const { wallet, owner, account, module, progress } = closing;
  const call = emergencyCall(action, account, module);
  if (!closing.unchecked) await check(action, closing);
  progress.busy(`${WORDS[action].doing}: confirm in your wallet`);
  const hash = await wallet.request({
    method: "eth_sendTransaction",
    params: [{ from: owner, to: call.to, data: call.data, value: "0x0" }],
  });
  progress.hash(String(hash));
  await follow(String(hash), action, closing);
}

/** The owner only signs; Interlock pays, or says what anybody may pay for. */
export async function signOnly(action: Action, closing: Closing): Promise<void> {
  const { chain, wallet, owner, account, progress } = closing;
  if (chain.prepareSponsored === undefined || chain.sponsor === undefined) throw new Refused("nobody pays here");
  progress.busy(`${WORDS[action].doing}: asking what there is to sign`);
  const request = await chain.prepareSponsored(action, account, owner);
  progress.busy("Sign in your wallet: it costs nothing and moves nothing by itself");
  const signature = await wallet.request({ method: "eth_signTypedData_v4", params: [owner, JSON.stringify(request.typedData)] });
  progress.busy("Handing your signature in");
  const { hash, data } = await chain.sponsor(action, account, request, String(signature));
  if (hash === undefined) return progress.done(`Nobody pays right now. Anybody may send this to ${closing.module}: ${data}`);
  progress.hash(hash);
  await follow(hash, action, closing);
}

async function check(action: Action, { chain, account, owner, module, progress }: Closing): Promise<void> {
  progress.busy("Asking the chain whether this will work");
  try {
    await chain.check(emergencyCall(action, account, module), account, owner);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    progress.note("No chain node answers here, so this is not checked. Your wallet sends it through its own node.");
  }
}

/** Watches until the transaction is in a block. */
export async function follow(
  hash: string,
  action: Action | "raw",
  { chain, wallet, progress }: Pick<Closing, "chain" | "progress"> & { wallet?: Wallet },
): Promise<void> {
  progress.busy("Waiting for the chain to take it in; you may close this page, it goes on by itself");
  for (let look = 0; look < LOOKS; look += 1) {
    const { state, blockNumber } = await standing(hash, chain, wallet);
    if (state === "mined") return progress.done(`${action === "raw" ? "Done" : WORDS[action].done} (block ${blockNumber}).`);
    if (state === "failed") throw new Refused(`The chain took the transaction in and refused it. Keep its hash and ask for help: ${hash}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  progress.note("Still waiting. Look the hash up in a block explorer; a wallet can speed it up with a higher fee.");
}

async function standing(hash: string, chain: Chain, wallet: Wallet | undefined): Promise<Standing> {
  const asked = [chain.standing(hash)];
  if (wallet !== undefined) asked.push(wallet.request({ method: "eth_getTransactionReceipt", params: [hash] }).then(standingOf));
  const answers = await Promise.allSettled(asked);
  const told = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  return told.find(({ state }) => state === "mined" || state === "failed") ?? { state: "unknown" };
}
