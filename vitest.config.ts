import { fileURLToPath } from "node:url";
import swc from "unplugin-swc";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One vitest project per kind of test; see CONTRIBUTING.md for what belongs where. */
const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

const withPostgres = { globalSetup: [at("./test/support/global-postgres.ts")], testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  oxc: false,
  plugins: [
    swc.vite({
      module: { type: "es6" },
      jsc: {
        target: "es2022",
        parser: { syntax: "typescript", decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    }),
  ],
  resolve: {
    alias: [
      { find: /^#platform\//, replacement: at("./services/platform/src/") },
      { find: /^#proto\//, replacement: at("./services/platform/gen/") },
    ],
  },
  test: {
    environment: "node",
    maxWorkers: 2,
    projects: [
      project("unit", ["{services,clients,contracts,deploy,scripts}/**/*.unit.spec.ts"]),
      project("integration", ["{services,clients,contracts,deploy}/**/*.int.spec.ts"], withPostgres),
      project("contract", ["test/contract/**/*.spec.ts"], withPostgres),
      project("e2e", ["test/e2e/**/*.spec.ts"], { testTimeout: 120_000, hookTimeout: 300_000, fileParallelism: false }),
      project("charts", ["test/charts/**/*.spec.ts"], { testTimeout: 120_000, hookTimeout: 120_000 }),
      project("cluster", ["test/cluster/installation.spec.ts"], { testTimeout: 600_000, hookTimeout: 900_000 }),
      // Apart: a small cluster has no room for a second installation.
      project("skaffold", ["test/cluster/skaffold.spec.ts"], { testTimeout: 1_800_000, hookTimeout: 900_000 }),
      project("chaos", ["test/chaos/**/*.spec.ts"], { testTimeout: 600_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
