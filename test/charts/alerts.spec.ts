import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { chartFolder } from "../support/charts/helm.js";
import { skipLoudly } from "../support/skip-loudly.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(chartFolder("interlock"), "files", "alerts.yaml");
const rule = z
  .object({
    alert: z.string(),
    expr: z.string(),
    labels: z.object({ severity: z.string() }),
    annotations: z.object({ summary: z.string(), runbook: z.string() }),
  })
  .loose();
const rules = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) }).loose()) })
  .parse(parse(readFileSync(file, "utf8")))
  .groups.flatMap((group) => group.rules);
const promtool = (...args: string[]) => spawnSync("promtool", args, { encoding: "utf8" });

/** Every metric name that a service's source makes. */
function metricsMade(): ReadonlySet<string> {
  const sources = readdirSync(join(root, "services"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"),
  );
  const texts = sources.map((name) => readFileSync(join(root, "services", name), "utf8"));
  return new Set(texts.flatMap((text) => [...text.matchAll(/name: "([a-z][a-z0-9_]+)"/g)].map(([, name]) => name ?? "")));
}

/** Metric names in queries, without what a histogram adds to its name. */
const asked = (queries: readonly string[]) =>
  queries
    .flatMap((expr) => [...expr.matchAll(/\b([a-z]+(?:_[a-z]+)+)(?=[{[)\s])/g)])
    .flatMap(([, name = ""]) => (["histogram_quantile"].includes(name) ? [] : [name.replace(/_(count|sum|bucket)$/, "")]));

const dashboard = z
  .object({ title: z.string(), panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() }).loose()) }).loose()) })
  .loose();

describe("the dashboards", () => {
  const folder = join(chartFolder("interlock"), "files", "dashboards");
  it.each(readdirSync(folder))("%s asks for metrics that services make", (name) => {
    const { panels } = dashboard.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(5);
    expect(asked(queries).filter((query) => !metricsMade().has(query))).toEqual([]);
  });
});

describe("the alerts", () => {
  it("each have a runbook", () => {
    const missing = rules.filter(({ annotations }) => !existsSync(join(root, "docs", "operations", annotations.runbook)));
    expect(missing.map(({ annotations }) => annotations.runbook)).toEqual([]);
  });

  it("ask for metrics that services make", () => {
    expect(asked(rules.map(({ expr }) => expr)).filter((name) => !metricsMade().has(name))).toEqual([]);
  });

  it("page or make a ticket", () => expect(rules.filter(({ labels }) => !["page", "ticket"].includes(labels.severity))).toEqual([]));
});

if (promtool("--version").status === 0) {
  describe("promtool", () => {
    it("accepts the rules", () => expect(promtool("check", "rules", file)).toMatchObject({ status: 0 }));
    it("sees every alert fire when it should and not before", () => {
      const { status, stdout, stderr } = promtool("test", "rules", join(root, "test", "charts", "alerts.test.yaml"));
      expect(stdout + stderr).toContain("SUCCESS");
      expect(status).toBe(0);
    });
    it("is asked about every alert", () => {
      const cases = readFileSync(join(root, "test", "charts", "alerts.test.yaml"), "utf8");
      expect(rules.filter(({ alert }) => !cases.includes(`alertname: ${alert}`)).map(({ alert }) => alert)).toEqual([]);
    });
  });
} else skipLoudly("promtool", "tests the alerts", "it needs promtool, of Debian's package prometheus, on the PATH");
