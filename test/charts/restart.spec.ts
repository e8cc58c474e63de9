import { describe, expect, it } from "vitest";
import { has, objects } from "../support/charts/helm.js";
import { podsOf } from "../support/charts/kube-object.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (has("helm")) describe("a change of the operator's floor", floorChanges);
else skipLoudly("helm", "restarts nothing when the floor changes", NO_HELM);

const pods = (values: object) =>
  podsOf(objects({ files: ["values-dev.yaml"], values })).map(({ of, labels, spec }) => [of.metadata.name, labels, spec]);

function floorChanges(): void {
  it.each(["L1", "L2", "L3", "L4", "L5", "L6"])("to %s changes no pod's template", (level) => {
    expect(pods({ degradation: { level } })).toEqual(pods({}));
  });
  it("to single conditions changes no pod's template", () => {
    expect(pods({ degradation: { conditions: ["KafkaDown", "PaymasterEmpty"] } })).toEqual(pods({}));
  });
}
