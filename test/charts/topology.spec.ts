import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { PEERS, SERVICES } from "../../deploy/local/service-environment.js";
import { chartFolder, has, objects } from "../support/charts/helm.js";
import { podsOf } from "../support/charts/kube-object.js";
import { mayReach, policiesOf } from "../support/charts/network.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

const topologySchema = z.object({
  services: z.record(
    z.string(),
    z
      .object({ tier: z.string(), port: z.string(), calls: z.array(z.string()), watches: z.array(z.string()), needs: z.array(z.string()) })
      .loose(),
  ),
});
const topology = topologySchema.parse(parse(readFileSync(join(chartFolder("interlock"), "files", "topology.yaml"), "utf8"))).services;

describe("the chart's table of services", () => {
  it("has the services there are", () => expect(Object.keys(topology).sort()).toEqual([...SERVICES].sort()));
  it("has them call whom they call on one machine", () => {
    for (const name of SERVICES) expect([name, topology[name]?.calls]).toEqual([name, [...PEERS[name]]]);
  });
  it("has lifeline call nobody and need nothing but a chain", () => {
    expect(topology.lifeline).toMatchObject({ calls: [], watches: [], needs: ["chain", "deployment"] });
  });
});

if (has("helm")) describe("the chart's NetworkPolicies", policies);
else skipLoudly("helm", "draws NetworkPolicies from the table", NO_HELM);

function policies(): void {
  const all = objects({ files: ["values-dev.yaml"] });
  const rules = policiesOf(all);
  const pods = new Map(
    podsOf(all).flatMap(({ of, labels }) => (["Deployment", "StatefulSet"].includes(of.kind) ? [[of.metadata.name, labels] as const] : [])),
  );
  const labelsOf = (name: string) => pods.get(`interlock-${name}`) ?? {};
  const portOf = (name: string) => (topology[name]?.port === "grpc" ? 50_051 : 8_080);

  it("let a service reach another exactly where the table has it", () => {
    for (const from of SERVICES) {
      for (const to of SERVICES) {
        if (from === to) continue;
        const call = mayReach(rules, labelsOf(from), labelsOf(to), portOf(to));
        const watch = mayReach(rules, labelsOf(from), labelsOf(to), 9_090);
        expect([from, to, call, watch]).toEqual([
          from,
          to,
          topology[from]?.calls.includes(to) ?? false,
          topology[from]?.watches.includes(to) ?? false,
        ]);
      }
    }
  });

  it("let nobody reach a port that is not served", () => {
    for (const from of SERVICES) for (const to of SERVICES) expect(mayReach(rules, labelsOf(from), labelsOf(to), 22)).toBe(false);
  });

  it("let only those who need them reach the database, the event log and the chain", () => {
    const dependencies = { database: ["postgres", 5_432], eventLog: ["kafka", 9_092], chain: ["anvil", 8_545] } as const;
    for (const [need, [name, port]] of Object.entries(dependencies)) {
      for (const from of SERVICES) {
        const reaches = mayReach(rules, labelsOf(from), { "app.kubernetes.io/name": name }, port);
        expect([from, need, reaches]).toEqual([from, need, topology[from]?.needs.includes(need) ?? false]);
      }
    }
  });

  it("let a stranger reach nothing but the two public ports", () => {
    for (const to of SERVICES) {
      for (const port of [8_080, 50_051, 9_090]) {
        const open = port === 8_080 && ["gateway", "lifeline"].includes(to);
        expect([to, port, mayReach(rules, { app: "stranger" }, labelsOf(to), port)]).toEqual([to, port, open]);
      }
    }
  });
}
