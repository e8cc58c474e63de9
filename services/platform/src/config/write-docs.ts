import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeErrors } from "../errors/describe-errors.js";
import { type DescribedService, describeConfig } from "./describe-config.js";
import { writeOrCheck } from "./generated-file.js";
import type { ConfigDefinition } from "./variable.js";

/** Folder of the services beside this file: the sources under a loader, the build otherwise. */
const SERVICES = join(import.meta.dirname, "..", "..", "..");

const isVariable = (value: unknown): boolean => typeof value === "object" && value !== null && "env" in value && "schema" in value;

function isDefinition(value: unknown): value is ConfigDefinition {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.values(value);
  return entries.length > 0 && entries.every(isVariable);
}

/** Every service that has a config.js, in the order of their names. @throws Error naming one that exports no definition */
async function describedServices(): Promise<DescribedService[]> {
  const found: DescribedService[] = [];
  for (const service of readdirSync(SERVICES).sort()) {
    const file = ["config.js", "config.ts"].map((name) => join(SERVICES, service, "src", name)).find((path) => existsSync(path));
    if (file === undefined) continue;
    const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
    const definition = Object.values(exported).find(isDefinition);
    if (definition === undefined) throw new Error(`${file} exports no configuration definition`);
    found.push({ service, definition });
  }
  return found;
}

// Writes docs/configuration.md and docs/errors.md, or with --check says whether they are up to date. Run from the repository root on the
// build: node dist/services/platform/src/config/write-docs.js [--check]
writeOrCheck(join("docs", "configuration.md"), describeConfig(await describedServices()));
writeOrCheck(join("docs", "errors.md"), describeErrors());
