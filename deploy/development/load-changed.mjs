// Loads a module of the image's dist/ from /tmp/sync/dist when a changed one is there. Its URL stays what it was.
import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const DIST = `${process.cwd()}/dist/`;
const CHANGED = "/tmp/sync/dist/";
const changed = (url) => {
  if (!url.startsWith("file:")) return undefined;
  const path = fileURLToPath(url);
  const file = path.startsWith(DIST) ? `${CHANGED}${path.slice(DIST.length)}` : undefined;
  return file !== undefined && existsSync(file) ? file : undefined;
};

registerHooks({
  resolve(specifier, context, next) {
    // A file that is new is not in the image.
    if (specifier.startsWith(".") && context.parentURL?.startsWith("file:")) {
      const { href } = new URL(specifier, context.parentURL);
      if (changed(href) !== undefined) return { url: pathToFileURL(fileURLToPath(href)).href, format: "module", shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    const file = changed(url);
    return file === undefined ? next(url, context) : { format: "module", source: readFileSync(file, "utf8"), shortCircuit: true };
  },
});
