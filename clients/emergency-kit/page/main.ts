import { showByHand } from "./by-hand.js";
import { ACTIONS, type Action, isAddress } from "./calls.js";
import { type Closing, follow, sendFromWallet, signOnly } from "./closing.js";
import { element, make } from "./elements.js";
import { lifelineChain } from "./lifeline-chain.js";
import { nodeChain } from "./node-chain.js";
import { Progress } from "./progress.js";
import { readSettings } from "./settings.js";
import { connect, findWallets, type Wallet, walletWords } from "./wallets.js";

const LOOK_AGAIN_MS = 15_000;
const settings = readSettings();
const nodes = () =>
  element("nodes", HTMLInputElement)
    .value.split(/[\s,]+/)
    .filter((url) => /^https?:\/\//.test(url));
const chain = settings.online ? lifelineChain : nodeChain(settings.chainId, nodes);
const progress = new Progress();
const accountField = element("account", HTMLInputElement);
const reach = element("reach", HTMLElement);
let connected: { readonly wallet: Wallet; readonly owner: string } | undefined;

const chosen = (): readonly Action[] => ACTIONS.filter((action) => element(`do-${action}`, HTMLInputElement).checked);
const account = (): string | undefined => (isAddress(accountField.value.trim()) ? accountField.value.trim() : undefined);

/** Shows what can be done with what is known so far. */
function refresh(): void {
  const known = account();
  element("account-hint", HTMLElement).hidden = known !== undefined || accountField.value === "";
  accountField.setAttribute("aria-invalid", String(known === undefined && accountField.value !== ""));
  element("by-hand", HTMLElement).hidden = known === undefined;
  if (known !== undefined) showByHand(known, settings);
  const ready = known !== undefined && connected !== undefined && chosen().length > 0;
  for (const id of ["send", "sign"]) element(id, HTMLButtonElement).disabled = !ready;
}

async function look(): Promise<void> {
  const { up, sponsors, words } = await chain.reach().catch(() => ({ up: false, sponsors: false, words: "" }));
  reach.className = up ? "good" : "warn";
  const away = settings.online ? "No chain node answers right now." : "No chain node is known or answers.";
  reach.textContent = up ? "The chain is reachable." : `${words || away} You can still send: from your wallet, or with the codes below.`;
  element("sign", HTMLButtonElement).hidden = !sponsors;
}

async function run(way: (action: Action, closing: Closing) => Promise<void>): Promise<void> {
  const known = account();
  if (known === undefined || connected === undefined) return;
  progress.clear();
  const unchecked = element("unchecked", HTMLInputElement).checked;
  const closing = { chain, ...connected, account: known, module: settings.module, progress, unchecked };
  for (const id of ["send", "sign"]) element(id, HTMLButtonElement).disabled = true;
  try {
    for (const action of chosen()) await way(action, closing);
    progress.done("That is all. Nothing else is needed.");
  } catch (error) {
    progress.bad(walletWords(error));
    progress.note("Nothing is lost by trying again. The codes under “From another wallet” do the same.");
  } finally {
    refresh();
  }
}

findWallets(({ name, wallet }) => {
  element("no-wallet", HTMLElement).hidden = true;
  const button = make("button", `Connect ${name}`);
  button.type = "button";
  button.addEventListener("click", () => {
    connect(wallet, settings.chainId).then(
      (owner) => {
        connected = { wallet, owner };
        element("connected", HTMLElement).textContent = `Connected: ${owner}`;
        refresh();
      },
      (error: unknown) => (element("connected", HTMLElement).textContent = walletWords(error)),
    );
  });
  element("wallets", HTMLElement).append(button);
});

element("send", HTMLButtonElement).addEventListener("click", () => void run(sendFromWallet));
element("sign", HTMLButtonElement).addEventListener("click", () => void run(signOnly));
element("send-raw", HTMLButtonElement).addEventListener("click", () => {
  progress.clear();
  progress.busy("Handing the signed transaction in");
  chain.sendRaw(element("raw", HTMLTextAreaElement).value.trim()).then(
    (hash) => {
      progress.hash(hash);
      return follow(hash, "raw", { chain, progress }).catch((error: unknown) => progress.bad(walletWords(error)));
    },
    (error: unknown) => progress.bad(walletWords(error)),
  );
});
for (const id of ["account", ...ACTIONS.map((action) => `do-${action}`)]) element(id, HTMLInputElement).addEventListener("input", refresh);
element("nodes", HTMLInputElement).addEventListener("change", () => void look());
element("nodes-field", HTMLElement).hidden = settings.online;
element("kit", HTMLElement).hidden = settings.kit === undefined;
element("where", HTMLElement).textContent = `Chain ${settings.chainId}, session module ${settings.module}`;
const asked = new URLSearchParams(location.search).get("account");
if (asked !== null) accountField.value = asked;
refresh();
void look();
setInterval(() => void look(), LOOK_AGAIN_MS);
document.documentElement.dataset.ready = "true";
