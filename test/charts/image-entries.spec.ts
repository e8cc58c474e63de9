import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { chartFolder, has, objects } from "../support/charts/helm.js";
import { podsOf } from "../support/charts/kube-object.js";
import { VALUE_SETS } from "../support/charts/value-sets.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (has("helm")) describe("programs that the chart starts", entries);
else skipLoudly("helm", "are in the images", NO_HELM);

/** What is compiled for the images, as patterns of the compiled files' names. */
const compiled = z
  .object({ include: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(chartFolder("interlock"), "../../deploy/tsconfig.image.json"), "utf8")))
  .include.map((entry) => join("deploy", entry).replace(/\.ts$/, ".js"))
  .map((entry) => new RegExp(`^dist/${entry.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}$`));

function entries(): void {
  it.each(Object.entries(VALUE_SETS))("are compiled for the images, for %s", (_, options) => {
    const started = podsOf(objects(options)).flatMap(({ spec }) =>
      spec.containers.flatMap((container) => [container.command, execOf(container.startupProbe), execOf(container.livenessProbe)].flat()),
    );
    const programs = new Set(started.filter((word) => /^dist\/.*\.js$/.test(word)));
    expect(programs.size).toBeGreaterThan(1);
    expect([...programs].filter((program) => !compiled.some((entry) => entry.test(program)))).toEqual([]);
  });
}

const probe = z.object({ exec: z.object({ command: z.array(z.string()) }) });
const execOf = (one: unknown): readonly string[] => probe.safeParse(one).data?.exec.command ?? [];
