#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseSigner, parseVerifier, signerText } from "#platform/transparency-log/note-key.js";
import { CheckpointFiles } from "./adapters/checkpoint-files.js";
import { Witness } from "./witness.js";
import { witnessServer } from "./witness-server.js";

const USAGE = `witness new-key NAME FILE     makes a key, writes it to FILE and prints its public part
witness --listen HOST:PORT --key FILE --logs FILE --state FOLDER

  --key    cosignature key of this witness (PRIVATE+KEY+name+hash+key)
  --logs   verifier keys of the logs that are witnessed, one a line
  --state  folder on a disk that lasts; losing it means starting under a new key`;

const COSIGNATURE = 4;

function serve(values: { readonly [name: string]: string | undefined }): void {
  const { listen, key, logs, state } = values;
  const [, host, port] = /^(.+):([0-9]{1,5})$/.exec(listen ?? "") ?? [];
  if (key === undefined || logs === undefined || state === undefined || host === undefined) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const signer = parseSigner(readFileSync(key, "utf8").trim());
  if (signer.verifier.algorithm !== COSIGNATURE) throw new TypeError("--key must be a cosignature key: make one with new-key");
  const keys = readFileSync(logs, "utf8").trim().split("\n").map(parseVerifier);
  const witness = new Witness({
    files: new CheckpointFiles(state),
    logs: keys,
    signer,
    now: () => BigInt(Math.floor(Date.now() / 1000)),
  });
  const server = witnessServer(witness, signer.verifier.text, (error) => console.error(error));
  server.listen(Number(port), host, () => console.log(`witness ${signer.verifier.text} listens on ${listen}`));
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => server.close());
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { listen: { type: "string" }, key: { type: "string" }, logs: { type: "string" }, state: { type: "string" } },
});
const [command, name, file] = positionals;
if (command === "new-key" && name !== undefined && file !== undefined) {
  const text = signerText(name, COSIGNATURE, randomBytes(32));
  writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" });
  console.log(parseSigner(text).verifier.text);
} else serve(values);
