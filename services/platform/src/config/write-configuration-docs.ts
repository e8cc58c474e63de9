import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DescribedService, describeConfig } from "./describe-config.js";
import type { ConfigDefinition } from "./variable.js";

/** Folder of the services beside this file: the sources under a loader, the build otherwise. */
const SERVICES = join(import.meta.dirname, "..", "..", "..");

function isDefinition(value: unknown): value is ConfigDefinition {
  return typeof value === "object" && value !== null && Object.values(value).every((entry) => typeof entry === "object" && "env" in entry);
}

/** Every service that has a config.js, in the order of their names. @throws Error naming one that does not export `configDefinition` */
async function describedServices(): Promise<DescribedService[]> {
  const found: DescribedService[] = [];
  for (const service of readdirSync(SERVICES).sort()) {
    const file = ["config.js", "config.ts"].map((name) => join(SERVICES, service, "src", name)).find((path) => existsSync(path));
    if (file === undefined) continue;
    const loaded: { readonly configDefinition?: unknown } = await import(pathToFileURL(file).href);
    if (!isDefinition(loaded.configDefinition)) throw new Error(`${file} does not export configDefinition`);
    found.push({ service, definition: loaded.configDefinition });
  }
  return found;
}

/**
 * Writes docs/configuration.md, or with `--check` says whether it is up to date.
 * Run from the repository root on the build: `node dist/services/platform/src/config/write-configuration-docs.js [--check]`.
 */
const target = join("docs", "configuration.md");
const wanted = describeConfig(await describedServices());
if (process.argv.includes("--check")) {
  const same = existsSync(target) && readFileSync(target, "utf8") === wanted;
  process.stdout.write(same ? `${target} is up to date\n` : `${target} is out of date: run npm run generate\n`);
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(target, wanted);
  process.stdout.write(`wrote ${target}\n`);
}
