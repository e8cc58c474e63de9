import { createRequire } from "node:module";
import type * as Pkcs11Js from "pkcs11js";
import { InterlockError } from "#platform/errors/interlock-error.js";

export type Pkcs11 = Pkcs11Js.PKCS11;
export type Pkcs11Constants = typeof Pkcs11Js;

/**
 * The PKCS#11 binding. It is compiled on the spot (`node scripts/build-pkcs11.mjs`) because no prebuilt one is published.
 * @throws InterlockError CONFIG_INVALID when it was not compiled
 */
export function loadPkcs11(): Pkcs11Constants {
  try {
    return createRequire(import.meta.url)("pkcs11js");
  } catch (cause) {
    throw new InterlockError("CONFIG_INVALID", "signer-core: the PKCS#11 binding is not compiled: node scripts/build-pkcs11.mjs", {
      docs: "docs/operations/vault.md#hsm",
      cause,
    });
  }
}
