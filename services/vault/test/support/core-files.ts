import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MODULE, PROTOCOLS, VAULT_ADAPTER } from "#platform/session-policy/policy-document.builder.js";
import { compiledFolder } from "../../../../deploy/local/compiled-folder.js";
import type { TestTrust } from "../../../../test/support/test-trust.js";
import type { CoreFiles } from "../../src/adapters/core/core-command.js";

/** The compiled core: it runs as a process of its own, so the tests need `npm run build` first (npm test does it). */
export function compiledCore(): string {
  return join(compiledFolder(), "services", "vault", "src", "signer-core", "main.js");
}

export interface TestCoreFiles extends CoreFiles {
  /** Base64 of the KEK, to look for where it must not be. */
  readonly kek: string;
  remove(): void;
}

/**
 * KEK ring, trust and deployment files in a folder of their own.
 * @param provider configuration of another KEK provider than a mounted ring
 */
export function coreFiles(trust: TestTrust, provider?: object): TestCoreFiles {
  const folder = mkdtempSync(join(tmpdir(), "vault-test-"));
  const write = (name: string, value: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value), { mode: 0o600 });
    return path;
  };
  const kek = randomBytes(32).toString("base64");
  const other = "0x00000000000000000000000000000000000000b2";
  return {
    kek,
    kekFile: write("kek.json", provider ?? { active: 1, keys: { "1": kek } }),
    trustFile: write("trust.json", trust.text),
    deploymentFile: write("deployment.json", {
      chainId: 31337,
      module: MODULE,
      registry: other,
      metavaults: other,
      adapters: { vault: VAULT_ADAPTER },
      protocols: PROTOCOLS,
      confirmations: 1,
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
