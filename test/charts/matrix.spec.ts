import { describe, expect, it } from "vitest";
import { z } from "zod";
import { has, objects, type RenderOptions, render } from "../support/charts/helm.js";
import { type KubeObject, podsOf } from "../support/charts/kube-object.js";
import { brokenRules } from "../support/charts/pod-rules.js";
import { VALUE_SETS } from "../support/charts/value-sets.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (has("helm")) describe("the chart", matrix);
else skipLoudly("helm", "renders for every set of values", NO_HELM);

const tolerating = z.object({ pods: z.object({ tolerations: z.array(z.object({ key: z.string() })).default([]) }).loose() }).loose();
/** Keys of the taints that a set of values has tolerated. */
const tolerationsOf = ({ values }: RenderOptions) => tolerating.safeParse(values).data?.pods.tolerations.map(({ key }) => key) ?? [];
const named = (all: readonly KubeObject[], kind: string) => all.filter((object) => object.kind === kind);

function matrix(): void {
  it("is tried with at least 24 sets of values", () => expect(Object.keys(VALUE_SETS).length).toBeGreaterThanOrEqual(24));

  describe.each(Object.entries(VALUE_SETS))("for %s", (_, options) => {
    const all = objects(options);
    const services = podsOf(all).filter(({ of }) => ["Deployment", "StatefulSet"].includes(of.kind));

    it("has nine services", () => expect(services).toHaveLength(9));

    it("makes every pod restricted, bounded and of a fixed version", () => {
      expect(podsOf(all).flatMap(brokenRules)).toEqual([]);
    });

    it("names no object twice", () => {
      const names = all.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });

    it("gives every service probes, a budget, an own account without a token and a priority", () => {
      const budgets = named(all, "PodDisruptionBudget").map(({ metadata }) => metadata.name);
      const accounts = named(all, "ServiceAccount").map(({ metadata }) => metadata.name);
      for (const { of, spec } of services) {
        expect(budgets).toContain(of.metadata.name);
        expect(accounts).toContain(of.metadata.name);
        expect(spec.serviceAccountName).toBe(of.metadata.name);
        expect(spec.automountServiceAccountToken).toBe(false);
        expect(spec.priorityClassName).toMatch(/-t[0-3]$/);
        for (const { startupProbe, readinessProbe, livenessProbe } of spec.containers) {
          expect([startupProbe, readinessProbe, livenessProbe]).not.toContain(undefined);
        }
        expect(spec.topologySpreadConstraints.map(({ whenUnsatisfiable }) => whenUnsatisfiable)).not.toContain("DoNotSchedule");
      }
    });

    it("guarantees what tiers 0 and 1 need, and lets the others be pressed first", () => {
      for (const { labels, spec } of services) {
        for (const { resources } of spec.containers) {
          const guaranteed = JSON.stringify(resources?.requests) === JSON.stringify(resources?.limits);
          expect(guaranteed).toBe(["T0", "T1"].includes(labels["interlock.dev/tier"] ?? ""));
        }
      }
    });

    it("lets lifeline start with nothing but itself", () => {
      const lifeline = services.find(({ of }) => of.metadata.name.endsWith("-lifeline"));
      expect(lifeline?.spec.initContainers).toEqual([]);
      const volumes = lifeline?.spec.volumes ?? [];
      expect(volumes.filter((volume) => "persistentVolumeClaim" in volume || "projected" in volume)).toEqual([]);
      for (const volume of volumes) if ("secret" in volume) expect(volume.secret).toMatchObject({ optional: true });
    });

    it("lets lifeline alone start on a node that is short of memory", () => {
      for (const { of, spec } of services) {
        const tolerated = spec.tolerations.map(({ key }) => key);
        const alone = of.metadata.name.endsWith("-lifeline");
        expect([of.metadata.name, tolerated.includes("node.kubernetes.io/memory-pressure")]).toEqual([of.metadata.name, alone]);
        expect(tolerated).toEqual(expect.arrayContaining([...tolerationsOf(options)]));
      }
    });

    it("keeps secrets out of pods' environments", () => {
      for (const { spec } of podsOf(all)) {
        for (const { env } of spec.containers) for (const { name } of env) expect(name).not.toMatch(/(KEY|PASSWORD|TOKEN|DATABASE_URL)$/);
      }
    });
  });

  it("renders the same with Helm 4", (context) => {
    if (!has("helm4")) return context.skip("there is no helm4 on the PATH");
    for (const options of Object.values(VALUE_SETS)) {
      const [three, four] = [render(options), render({ ...options, program: "helm4" })];
      expect(four.status).toBe(0);
      expect(four.text).toBe(three.text);
    }
  }, 120_000);
}
