import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { goldenEvent, goldenTypes } from "../../../../test/support/golden-events.js";
import { UpcasterRegistry } from "./upcaster.js";

const SERVICES = fileURLToPath(new URL("../../../", import.meta.url));
const WRITTEN = /\btype: "([a-z_]+(?:\.[a-z_]+)*\.v[1-9][0-9]*)"/g;

/** Types of all events the services' code makes. */
function writtenTypes(): readonly string[] {
  const files = globSync("*/src/**/*.ts", { cwd: SERVICES }).filter((file) => !file.endsWith(".spec.ts"));
  const types = files.flatMap((file) => [...readFileSync(`${SERVICES}${file}`, "utf8").matchAll(WRITTEN)].map(([, type]) => String(type)));
  return [...new Set(types)];
}

describe("the golden events", () => {
  it("are there for every type a service writes", () => {
    const types = writtenTypes();
    expect(types.length).toBeGreaterThan(30);
    expect(types.filter((type) => !goldenTypes().includes(type))).toEqual([]);
  });

  it.each(goldenTypes())("%s is read with the attributes it was published with", (type) => {
    const event = goldenEvent(type);
    expect(event.type).toBe(type);
    expect(event.source).toMatch(/^urn:interlock:[a-z]+$/);
    expect(event.attributes).toMatchObject({
      datacontenttype: "application/json",
      dataschema: `urn:interlock:schema:${type}`,
      sequencetype: "Integer",
      previoushash: expect.stringMatching(/^[0-9a-f]{64}$/),
      partitionkey: expect.stringMatching(/^(cluster|[0-9]+:0x[0-9a-f]{40})$/),
      streamversion: expect.any(Number),
    });
    expect(event.data).toMatchObject({ salt: expect.stringMatching(/^[0-9a-f]{32}$/), env: { cluster: "local" } });
  });

  it.each(goldenTypes())("%s is the JSON of its bytes and nothing else: written again it is the same", (type) => {
    const { bytes, attributes } = goldenEvent(type);
    expect(JSON.stringify(attributes)).toBe(bytes.toString("utf8"));
  });

  it("are carried unchanged by a registry that knows none of them", () => {
    const registry = new UpcasterRegistry();
    for (const type of goldenTypes()) {
      const event = goldenEvent(type);
      expect(registry.upcast(event)).toBe(event);
    }
  });
});
