import { readFileSync, writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { CompactSign, importJWK } from "jose";
import { OPERATOR_SIGNATURE_TYPE } from "../../signer-core/kek/operators.js";
import { operatorKey, withVault } from "../operator-context.js";

interface DestroyOptions {
  readonly version?: number;
  readonly prepare?: string;
  readonly request?: string;
  readonly signature: readonly string[];
}

/** `interlock-vault kek destroy` and `kek sign-request`: two people, two keys, one request. */
export function registerDestroy(kek: Command): void {
  kek
    .command("destroy")
    .description(
      "destroy a version: first --version N --prepare FILE, then two operators sign FILE, then --request FILE --signature A --signature B",
    )
    .option("--version <n>", "the version", version)
    .option("--prepare <file>", "write the request that two operators have to sign, with what it would orphan")
    .option("--request <file>", "the request that was signed")
    .option("--signature <file>", "an operator's signature; twice, with different keys", collect, [])
    .action((options: DestroyOptions, command: Command) =>
      withVault(command, async ({ admin, show }) => {
        if (options.version !== undefined && options.prepare !== undefined) {
          const prepared = await admin.prepareDestroy({ version: options.version });
          writeFileSync(options.prepare, prepared.request, { mode: 0o600 });
          show(prepared, [
            `destroying version ${options.version} orphans ${prepared.orphans} living keys`,
            ...prepared.orphanedKeys.map((keyRef) => `  ${keyRef}`),
            `request written to ${options.prepare}; good for an hour`,
          ]);
          return;
        }
        if (options.request === undefined) throw new Error("needs --version with --prepare, or --request with two --signature");
        const request = readFileSync(options.request, "utf8");
        const signatures = options.signature.map((path) => readFileSync(path, "utf8").trim());
        const done = await admin.destroyKek({ request, signatures });
        show(done, [
          `version ${done.version} is destroyed (${done.orphans} orphans), by operators ${done.operators.join(" and ")}`,
          "a mounted secret and its backups still hold it: remove it there too",
        ]);
      }),
    );
  kek
    .command("sign-request <file>")
    .description("sign a request with your own key (offline); the signature goes to standard output")
    .action(async (file: string, _options: unknown, command: Command) => {
      const key = await importJWK(operatorKey(command.optsWithGlobals<{ key?: string }>().key), "EdDSA");
      const jws = new CompactSign(readFileSync(file)).setProtectedHeader({ alg: "EdDSA", typ: OPERATOR_SIGNATURE_TYPE });
      console.log(await jws.sign(key));
    });
}

function version(text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("must be a version number");
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
