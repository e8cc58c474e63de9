import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Address, encodeFunctionData, getAddress, type PrivateKeyAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { fund } from "../../../deploy/local/world.js";
import { chromiumPath, NO_CHROMIUM, startChromium } from "../../../test/support/browser/chromium.js";
import { injectWallet } from "../../../test/support/browser/wallet.js";
import { skipLoudly } from "../../../test/support/skip-loudly.js";
import { LifelineBed } from "./support/lifeline-bed.js";
import { DEPOSIT, safeWithPosition } from "./support/safe-with-position.js";

const PATIENCE = { timeout: 20_000 };
const DONE = { home: DEPOSIT, epoch: 1 };

if (chromiumPath() === undefined) skipLoudly("chromium", "the emergency page in a real browser", NO_CHROMIUM);
else {
  let bed: LifelineBed;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let owner: PrivateKeyAccount;
  let safe: Address;
  /** Everything the page asked the network for, and everything it complained of. */
  let requests: string[];
  let complaints: string[];

  beforeAll(async () => {
    [bed, browser] = await Promise.all([LifelineBed.open(), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await bed?.close();
  });
  beforeEach(async () => {
    owner = await bed.wallet();
    safe = await safeWithPosition(bed.world, owner);
    context = await browser.newContext();
    page = await context.newPage();
    [requests, complaints] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    page.on("pageerror", (error) => complaints.push(error.message));
  });
  afterEach(() => context.close());

  const progress = () => page.locator("#progress li").allTextContents();
  const connect = () => page.getByRole("button", { name: "Connect Test Wallet" }).click();
  const connected = () => page.getByText(`Connected: ${owner.address}`).waitFor(PATIENCE);
  const told = (text: string) => page.locator("#progress").getByText(text).first().waitFor(PATIENCE);
  const fill = () => page.getByLabel("Address of your Safe").fill(safe);
  const send = () => page.getByRole("button", { name: "Send from this wallet" }).click();

  describe("lifeline's page in Chromium", () => {
    it("stops every session and closes everything with the owner's wallet, and says so with the hashes", async () => {
      const { url } = await bed.start();
      const wallet = await injectWallet(page, owner, bed.world);
      await page.goto(url);
      await fill();
      await connect();
      await connected();
      await send();
      await told("That is all");
      expect(await bed.stateOf(safe)).toEqual(DONE);
      const hashes = await page.locator("[data-hash]").allTextContents();
      const receipts = await Promise.all(hashes.map((hash) => bed.world.client.getTransactionReceipt({ hash: `0x${hash.slice(2)}` })));
      expect(receipts.map(({ status, from }) => [status, getAddress(from)])).toEqual([
        ["success", owner.address],
        ["success", owner.address],
      ]);
      expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).toHaveLength(2);
      expect(await progress()).toEqual(expect.arrayContaining([expect.stringMatching(/every session is stopped \(block \d+\)/i)]));
    });

    it("asks nobody but lifeline for anything, and breaks none of its own policy", async () => {
      const { url } = await bed.start();
      await injectWallet(page, owner, bed.world);
      const answer = await page.goto(url);
      const policy = answer?.headers()["content-security-policy"] ?? "";
      expect(policy).toMatch(
        /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data:; connect-src 'self';/,
      );
      expect(policy).not.toContain("unsafe");
      await fill();
      await connect();
      await connected();
      await page.locator("#by-hand svg").first().waitFor(PATIENCE);
      expect(requests.filter((one) => !one.startsWith(url) && !one.startsWith("data:"))).toEqual([]);
      expect(complaints).toEqual([]);
      const allowed = await page.evaluate("fetch('https://example.org').then(() => true, () => false)");
      expect(allowed).toBe(false);
    });

    it("has an owner without money only sign, where a sponsor pays", async () => {
      const [key, poor] = [generatePrivateKey(), await bed.wallet("0")];
      const sponsor = privateKeyToAccount(key);
      await fund(bed.world, sponsor.address, "1");
      owner = poor;
      safe = await safeWithPosition(bed.world, owner);
      const { url } = await bed.start({ SPONSOR_KEY_FILE: bed.write("sponsor", key) });
      const wallet = await injectWallet(page, owner, bed.world);
      await page.goto(url);
      await fill();
      await connect();
      await connected();
      await page.getByRole("button", { name: "Only sign" }).click();
      await told("That is all");
      expect(await bed.stateOf(safe)).toEqual(DONE);
      expect(wallet.asked).not.toContain("eth_sendTransaction");
      expect(await bed.world.client.getTransactionCount({ address: sponsor.address })).toBe(2);
    });

    it("with every node of lifeline's dead, sends through the wallet's own", async () => {
      const { url } = await bed.start({ RPC_URLS: `http://127.0.0.1:${await freePort()}` });
      await injectWallet(page, owner, bed.world);
      await page.goto(url);
      await page.getByText("No chain node answers right now").waitFor(PATIENCE);
      await fill();
      await connect();
      await connected();
      await send();
      await told("That is all");
      expect(await bed.stateOf(safe)).toEqual(DONE);
      expect(await progress()).toEqual(expect.arrayContaining([expect.stringContaining("Your wallet sends it through its own node")]));
    });

    it("tells a wallet that owns nothing so, before it is asked to sign anything", async () => {
      const { url } = await bed.start();
      const wallet = await injectWallet(page, await bed.wallet(), bed.world);
      await page.goto(url);
      await fill();
      await connect();
      await page.getByText("Connected:").waitFor(PATIENCE);
      await send();
      await told("does not own");
      expect(wallet.asked).not.toContain("eth_sendTransaction");
    });

    it("says that nothing was sent when the user refuses, and lets them try again", async () => {
      const { url } = await bed.start();
      const wallet = await injectWallet(page, owner, bed.world);
      await page.goto(url);
      await fill();
      await connect();
      await connected();
      wallet.refuse();
      await send();
      await told("Nothing was sent; you can try again");
      expect(await page.getByRole("button", { name: "Send from this wallet" }).isEnabled()).toBe(true);
      expect(await bed.stateOf(safe)).toEqual({ home: 0n, epoch: 0 });
    });

    it("is usable by keyboard, with a name on every control and the progress read aloud", async () => {
      const { url } = await bed.start();
      await page.goto(url);
      const unnamed = await page.evaluate(`[...document.querySelectorAll("input, textarea, button")]
        .filter((one) => !one.labels?.length && !one.textContent.trim()).map((one) => one.id)`);
      expect(unnamed).toEqual([]);
      expect(await page.locator("html").getAttribute("lang")).toBe("en");
      expect(await page.locator("#progress").getAttribute("aria-live")).toBe("polite");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe("account");
    });
  });

  describe("the offline kit in Chromium, from disk", () => {
    let kitUrl: string;
    beforeEach(async () => {
      const { url } = await bed.start();
      const answer = await fetch(`${url}/emergency-kit.html`);
      expect(answer.headers.get("content-disposition")).toContain("attachment");
      kitUrl = pathToFileURL(bed.write("kit.html", await answer.text())).href;
      requests = [];
    });

    it("stops and closes by a node of the user's choice and a wallet", async () => {
      await injectWallet(page, owner, bed.world);
      await page.goto(kitUrl);
      await page.getByLabel("Chain node").fill(bed.chain.url);
      await fill();
      await connect();
      await connected();
      await send();
      await told("That is all");
      expect(await bed.stateOf(safe)).toEqual(DONE);
      const origins = new Set(requests.filter((one) => one.startsWith("http")).map((one) => new URL(one).origin));
      expect([...origins]).toEqual([new URL(bed.chain.url).origin]);
    });

    it("hands in a transaction that was signed elsewhere", async () => {
      await page.goto(kitUrl);
      await page.getByLabel("Chain node").fill(bed.chain.url);
      const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] });
      const call = { type: "eip1559", chainId: 31_337, to: bed.world.contracts.sessionModule, data, nonce: 0 } as const;
      const raw = await owner.signTransaction({ ...call, gas: 500_000n, maxFeePerGas: 2_000_000_000n });
      await page.getByText("I have a signed transaction").click();
      await page.getByLabel("Signed raw transaction").fill(raw);
      await page.getByRole("button", { name: "Hand it in" }).click();
      await told("Done");
      expect(await bed.stateOf(safe)).toEqual({ home: 0n, epoch: 1 });
    });

    it("has the right calldata and codes with no network at all", async () => {
      await context.setOffline(true);
      await page.goto(kitUrl);
      await fill();
      const shown = async (action: string) => page.locator(`[data-calldata=${action}]`).textContent();
      const encode = (functionName: "disarmAll" | "emergencyCloseAll") =>
        encodeFunctionData({ abi: sessionModuleAbi, functionName, args: [safe] });
      expect([await shown("disarm_all"), await shown("close_all")]).toEqual([encode("disarmAll"), encode("emergencyCloseAll")]);
      const codes = page.locator("#by-hand svg");
      const links = await codes.evaluateAll((all) => all.map((one) => one.getAttribute("data-text")));
      const to = getAddress(bed.world.contracts.sessionModule);
      expect(links).toEqual(["disarmAll", "emergencyCloseAll"].map((name) => `ethereum:${to}@31337/${name}?address=${safe}`));
      expect(requests.filter((one) => one.startsWith("http"))).toEqual([]);
      expect(readFileSync(new URL(kitUrl), "utf8")).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="http/);
    });
  });
}
