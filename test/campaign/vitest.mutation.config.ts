import { fileURLToPath } from "node:url";
import swc from "unplugin-swc";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * The tests a mutant has to survive: the unit specs that stand beside the pure code, and nothing that does I/O.
 * One project, because Stryker counts coverage per test inside a single one.
 */
export default defineConfig({
  root: at(""),
  oxc: false,
  plugins: [swc.vite({ module: { type: "es6" }, jsc: { target: "es2022", parser: { syntax: "typescript", decorators: true } } })],
  resolve: {
    alias: [
      { find: /^#platform\//, replacement: at("services/platform/src/") },
      { find: /^#proto\//, replacement: at("services/platform/gen/") },
    ],
  },
  test: {
    environment: "node",
    include: ["services/*/src/domain/**/*.unit.spec.ts", "services/platform/src/{limits,session-policy}/**/*.unit.spec.ts"],
  },
});
