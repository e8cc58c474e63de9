// compile-changed.mjs FILE...: compiles TypeScript files under /tmp/sync one by one, without looking at types, to /tmp/sync/dist.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const SYNC = "/tmp/sync";
const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ".");
for (const file of process.argv.slice(2)) {
  const source = join(SYNC, file);
  if (!existsSync(source)) continue;
  const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), {
    // Said outright: "nodenext" would look for a package.json beside the file, find none and write CommonJS.
    compilerOptions: {
      ...options,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      sourceMap: false,
      inlineSourceMap: false,
      declaration: false,
    },
    fileName: source,
  });
  const target = join(SYNC, "dist", file.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
}
