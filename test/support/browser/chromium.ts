import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What to say where a suite wants a browser and there is none. */
export const NO_CHROMIUM = "it needs Chromium (Debian: apt-get install chromium), or CHROMIUM_PATH";

/** Path of a Chromium on this machine, if there is one. */
export const chromiumPath = (): string | undefined => PLACES.find((path) => path !== undefined && existsSync(path));

/** A browser of its own. @throws Error where there is none */
export async function startChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  // Containers have neither a user namespace for the sandbox nor a large /dev/shm.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}
