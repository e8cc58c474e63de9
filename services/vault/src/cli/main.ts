#!/usr/bin/env node
import { Command } from "commander";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { registerCeremony } from "./commands/ceremony.js";
import { registerDestroy } from "./commands/destroy.js";
import { registerRewrap } from "./commands/rewrap.js";
import { registerRotate } from "./commands/rotate.js";
import { registerStatus } from "./commands/status.js";
import { registerUnseal } from "./commands/unseal.js";

const program = new Command("interlock-vault")
  .description("The vault's key-encryption keys, for its operators.")
  .option("--address <host:port>", "the vault's gRPC address", process.env.INTERLOCK_VAULT ?? "127.0.0.1:50051")
  .option("--key <file>", "your Ed25519 key (JWK), pinned in the trust file as a caller `operator`", process.env.INTERLOCK_OPERATOR_KEY)
  .option("--json", "print results as JSON", false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const kek = program.command("kek").description("the ring of key-encryption keys");
for (const register of [registerStatus, registerUnseal, registerRotate, registerRewrap, registerDestroy, registerCeremony]) register(kek);

try {
  await program.parseAsync();
} catch (error) {
  const known = findInterlockError(error);
  if (program.opts<{ json: boolean }>().json && known !== undefined) {
    console.log(JSON.stringify({ code: known.code, message: known.message, details: known.details }));
  }
  console.error(
    `interlock-vault: ${known === undefined ? "" : `${known.code}: `}${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = known === undefined ? 1 : 3;
}
