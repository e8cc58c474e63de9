import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { parseJsonObject } from "#platform/kernel/json.js";
import { parseKekRing } from "../../signer-core/providers/kek-ring.js";
import { parsePkcs11Config } from "../../signer-core/providers/pkcs11-config.js";
import { Pkcs11Token } from "../../signer-core/providers/pkcs11-token.js";
import { type RingText, withNextVersion } from "../../signer-core/providers/ring-text.js";
import { addVersion, holdCeremony } from "../../signer-core/providers/shamir-ceremony.js";
import { parseShamirConfig } from "../../signer-core/providers/shamir-config.js";
import { parseShareText, shareText } from "../share-text.js";

/** What is done offline, on a machine of its own: making key rings and splitting them. */
export function registerCeremony(kek: Command): void {
  kek
    .command("ceremony <file>")
    .description("make a new ring sealed under shares; prints one share per person, writes everything else to FILE")
    .requiredOption("--shares <n>", "people", count)
    .requiredOption("--threshold <k>", "people needed to open it", count)
    .action(async (file: string, options: { shares: number; threshold: number }) => {
      const { config, shares } = await holdCeremony(randomUUID(), options.shares, options.threshold);
      writeFileSync(file, JSON.stringify(config), { mode: 0o600, flag: "wx" });
      for (const share of shares) console.log(shareText(share));
    });
  kek
    .command("add-version <file>")
    .description("add a version to a ring, for a sealed one with enough shares on standard input, one a line; then mount it and rotate")
    .action(async (file: string) => {
      const text = readFileSync(file, "utf8");
      const next = parseJsonObject(text)?.provider === "shamir" ? await addVersion(parseShamirConfig(text), sharesGiven()) : nextRing(text);
      writeFileSync(file, JSON.stringify(next), { mode: 0o600 });
      console.log("the ring has a new active version");
    });
  kek
    .command("hsm-init <file>")
    .description("make the first key in the token that FILE (a pkcs11 configuration) names, unless it has one")
    .action((file: string) => {
      const token = new Pkcs11Token(parsePkcs11Config(readFileSync(file, "utf8")));
      if (token.connect().length === 0) token.generate(1);
      console.log(`versions in the token: ${token.versions().join(", ")}`);
      token.close();
    });
}

function sharesGiven(): readonly Buffer[] {
  return readFileSync(0, "utf8").split("\n").filter(Boolean).map(parseShareText);
}

/** @throws InterlockError CONFIG_INVALID when the text is no ring */
function nextRing(text: string): RingText {
  parseKekRing(text);
  const ring: RingText = JSON.parse(text);
  return withNextVersion(ring);
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 2 && number <= 255) return number;
  throw new InvalidArgumentError("must be 2 to 255");
}
