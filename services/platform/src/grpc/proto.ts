import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { present } from "./present.js";

const OPTIONS = { keepCase: false, longs: String, enums: String, defaults: true, arrays: true, oneofs: true } as const;

/** The folder `proto/` of the installation: beside the sources and beside `dist` alike. */
export function protoRoot(from: string = import.meta.dirname): string {
  const candidate = join(from, "proto");
  if (existsSync(join(candidate, "interlock"))) return candidate;
  const parent = dirname(from);
  if (parent === from) throw new Error("the folder proto/ is not part of this installation");
  return protoRoot(parent);
}

/** Files of a package: `interlock.policy.v1` is everything in `proto/interlock/policy/v1`. */
function filesOf(root: string, packageName: string): string[] {
  const folder = join(root, ...packageName.split("."));
  return readdirSync(folder)
    .filter((file) => file.endsWith(".proto"))
    .map((file) => join(folder, file));
}

/**
 * Loads packages the one way everything here does (64-bit integers and enums as strings, camelCase, defaults filled in),
 * with messages that are absent left out rather than null, as the generated types say.
 */
export function loadProto(packages: readonly string[]): PackageDefinition {
  const root = protoRoot();
  const definition = loadSync(
    packages.flatMap((name) => filesOf(root, name)),
    { ...OPTIONS, includeDirs: [root] },
  );
  for (const entry of Object.values(definition)) {
    if ("format" in entry) continue;
    for (const method of Object.values(entry)) {
      const { requestDeserialize, responseDeserialize } = method;
      method.requestDeserialize = (bytes) => present(requestDeserialize(bytes));
      method.responseDeserialize = (bytes) => present(responseDeserialize(bytes));
    }
  }
  return definition;
}
