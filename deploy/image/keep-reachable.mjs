// Keeps in node_modules only packages that a program's imports can reach, and prints what is left.
// Static and dynamic imports, requires with a literal, and the dependencies that packages declare are all followed; peers only where imported.
// usage: node keep-reachable.mjs ENTRY
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [entry] = process.argv.slice(2);
if (entry === undefined) throw new Error("usage: node keep-reachable.mjs ENTRY");
const modules = resolve("node_modules");
const files = new Set();
const packages = new Set();

visit(resolve(entry));
for (const name of list(modules)) if (!packages.has(name)) rmSync(join(modules, name), { recursive: true, force: true });
console.log([...packages].sort().join("\n"));

function visit(file) {
  if (files.has(file) || !existsSync(file) || !statSync(file).isFile()) return;
  files.add(file);
  for (const specifier of specifiersOf(readFileSync(file, "utf8"))) follow(specifier, file);
}

function specifiersOf(text) {
  const found = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']/g);
  return new Set([...found].map(([, specifier]) => specifier));
}

function follow(specifier, from) {
  if (specifier.startsWith("node:")) return;
  if (specifier.startsWith(".")) return visit(resolve(dirname(from), specifier));
  if (specifier.startsWith("#platform/")) return visit(resolve("dist/services/platform/src", specifier.slice("#platform/".length)));
  if (specifier.startsWith("#proto/")) return visit(resolve("dist/services/platform/gen", specifier.slice("#proto/".length)));
  if (specifier.startsWith("#")) return;
  keep(packageOf(specifier), from);
}

function packageOf(specifier) {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

/** A package that is kept keeps what it declares to depend on: its own files are not searched. */
function keep(name, from) {
  const found = createRequire(pathToFileURL(from))
    .resolve.paths(name)
    ?.map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, "package.json")));
  if (found === undefined) return;
  const top = found.slice(modules.length + 1);
  if (packages.has(top)) return;
  packages.add(top);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(join(found, "package.json"), "utf8"));
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) keep(dependency, join(found, "package.json"));
}

function list(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(folder, name)).map((part) => `${name}/${part}`) : [name],
  );
}
