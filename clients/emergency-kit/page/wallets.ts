/** A wallet in this browser (EIP-1193). */
export interface Wallet {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

export interface FoundWallet {
  readonly name: string;
  readonly wallet: Wallet;
}

const isWallet = (value: unknown): value is Wallet =>
  typeof value === "object" && value !== null && "request" in value && typeof value.request === "function";

/** Tells of every wallet that announces itself (EIP-6963), and of `window.ethereum` where none does. */
export function findWallets(found: (wallet: FoundWallet) => void): void {
  const seen = new Set<Wallet>();
  const add = (name: string, wallet: unknown) => {
    if (!isWallet(wallet) || seen.has(wallet)) return;
    seen.add(wallet);
    found({ name, wallet });
  };
  window.addEventListener("eip6963:announceProvider", (event) => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    if (typeof detail !== "object" || detail === null || !("provider" in detail)) return;
    const info: unknown = "info" in detail ? detail.info : undefined;
    const name = typeof info === "object" && info !== null && "name" in info ? String(info.name) : "Wallet";
    add(name, detail.provider);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  setTimeout(() => {
    if (seen.size === 0 && "ethereum" in window) add("Browser wallet", window.ethereum);
  }, 300);
}

/** Asks for the wallet's account, and for the right chain. @throws Error in plain words */
export async function connect(wallet: Wallet, chainId: number): Promise<string> {
  const accounts = await wallet.request({ method: "eth_requestAccounts" });
  const account: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof account !== "string") throw new Error("The wallet gave no account.");
  const wanted = `0x${chainId.toString(16)}`;
  if (Number(await wallet.request({ method: "eth_chainId" })) !== chainId) {
    await wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId: wanted }] });
  }
  return account;
}

/** What went wrong with a wallet, in plain words. */
export function walletWords(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("code" in error && error.code === 4001) return "You refused in the wallet. Nothing was sent; you can try again.";
  if ("code" in error && error.code === 4902) return "The wallet does not know this chain. Add it in the wallet, then try again.";
  return "message" in error ? String(error.message) : "The wallet failed.";
}
