import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * `dist` of this installation: services run compiled, whether what starts them is compiled too or is a test that runs from its source.
 * @throws Error when no folder above holds both package.json and a build
 */
export function compiledFolder(from: string = import.meta.dirname): string {
  const candidate = join(from, "dist");
  if (existsSync(join(from, "package.json"))) {
    if (existsSync(join(candidate, "services"))) return candidate;
    throw new Error("there is no build: run `npm run build` first");
  }
  const parent = dirname(from);
  if (parent === from) throw new Error("this file is not part of an installation: no folder above holds package.json");
  return compiledFolder(parent);
}
