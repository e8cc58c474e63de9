import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Hex, isHex } from "viem";

const require = createRequire(import.meta.url);

/** Init code and runtime code of one of Safe's contracts. */
export interface SafeArtifact {
  readonly bytecode: Hex;
  readonly deployedBytecode: Hex;
}

const PACKAGES = { "1.4.1": "@safe-global/safe-contracts", "1.5.0": "@safe-global/safe-smart-account" } as const;

/**
 * Safe's own build artifact from npm.
 * @param path folder and name under build/artifacts/contracts, e.g. "proxies/SafeProxyFactory"
 */
export function readSafeArtifact(path: string, version: keyof typeof PACKAGES = "1.4.1"): SafeArtifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = require.resolve(`${PACKAGES[version]}/build/artifacts/contracts/${path}.sol/${name}.json`);
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  return { bytecode: hexField(parsed, "bytecode", path), deployedBytecode: hexField(parsed, "deployedBytecode", path) };
}

function hexField(artifact: unknown, field: string, path: string): Hex {
  const value = typeof artifact === "object" && artifact !== null ? Reflect.get(artifact, field) : undefined;
  if (!isHex(value) || value.length <= 2) throw new Error(`Safe artifact ${path} has no ${field}`);
  return value;
}
