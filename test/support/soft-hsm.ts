import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pkcs11Config } from "../../services/vault/src/signer-core/providers/pkcs11-config.js";

const LIBRARIES = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
  "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];
const builder = fileURLToPath(new URL("../../scripts/build-pkcs11.mjs", import.meta.url));

/** A SoftHSM2 token of its own. */
export interface SoftHsm {
  readonly config: Pkcs11Config;
  /** Takes the token away as if somebody pulled it out, and puts it back. */
  pullOut(): void;
  putBack(): void;
  remove(): void;
}

/** Why SoftHSM2 cannot be used here, if it cannot; compiles the binding on the way. */
export function softHsmMissing(): string | undefined {
  if (!LIBRARIES.some(existsSync)) return "SoftHSM2 is not installed (Debian: apt-get install softhsm2)";
  const { status } = spawnSync(process.execPath, [builder], { encoding: "utf8" });
  return status === 0 ? undefined : "the PKCS#11 binding could not be compiled (node scripts/build-pkcs11.mjs)";
}

/** Initialises a token without keys. */
export function softHsm(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), "softhsm-"));
  const tokens = join(folder, "tokens");
  mkdirSync(tokens);
  const conf = join(folder, "softhsm2.conf");
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const environment = { SOFTHSM2_CONF: conf };
  const pin = "24681357";
  execFileSync("softhsm2-util", ["--init-token", "--free", "--label", "interlock", "--so-pin", "97531", "--pin", pin], {
    env: { ...process.env, ...environment },
    stdio: "pipe",
  });
  const away = join(folder, "away");
  return {
    config: {
      provider: "pkcs11",
      module: LIBRARIES.find(existsSync) ?? "",
      token: "interlock",
      pin,
      keyLabel: "interlock-kek",
      environment,
    },
    pullOut() {
      renameSync(tokens, away);
      mkdirSync(tokens);
    },
    putBack() {
      rmSync(tokens, { recursive: true });
      renameSync(away, tokens);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
