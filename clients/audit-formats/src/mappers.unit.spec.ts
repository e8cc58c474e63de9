import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { goldenEvent, goldenTypes } from "../../../test/support/golden-events.js";
import { meaningOf } from "./action-of.js";
import { readAuditEvent } from "./audit-event.js";
import { toEcs } from "./to-ecs.js";
import { toOcsf } from "./to-ocsf.js";
import { toOtlp } from "./to-otlp.js";

const FOLDER = fileURLToPath(new URL("../../../test/golden/formats/", import.meta.url));
const MAPPERS = { ecs: toEcs, ocsf: toOcsf, otlp: toOtlp };
const leafHashOf = (bytes: Buffer) => createHash("sha256").update(Buffer.of(0)).update(bytes).digest("hex");
const AT = 7;

interface GoldenLine {
  readonly type: string;
  readonly record: object;
}

const mappedType = (map: (typeof MAPPERS)[keyof typeof MAPPERS], type: string): object => {
  const { bytes } = goldenEvent(type);
  return map(readAuditEvent(bytes.toString("utf8"), AT), leafHashOf(bytes));
};

describe("a mapper", () => {
  it.each(Object.entries(MAPPERS))(
    "to %s gives what its golden file says; UPDATE_GOLDEN=1 makes a new one when it was deleted",
    (name, map) => {
      const path = `${FOLDER}${name}.ndjson`;
      if (process.env.UPDATE_GOLDEN === "1" && !existsSync(path)) {
        const lines = goldenTypes().map((type) => `${JSON.stringify({ type, record: mappedType(map, type) })}\n`);
        writeFileSync(path, lines.join(""));
      }
      const golden = readFileSync(path, "utf8").trim().split("\n");
      expect(golden.length).toBeGreaterThan(40);
      for (const line of golden) {
        const { type, record } = JSON.parse(line) as GoldenLine;
        expect(mappedType(map, type)).toEqual(record);
      }
    },
  );

  it.each(Object.entries(MAPPERS))("to %s takes every event there is", (_, map) => {
    for (const type of goldenTypes()) expect(JSON.stringify(mappedType(map, type))).toContain(type);
  });

  it.each(Object.entries(MAPPERS))("to %s carries a type that nobody knows, bytes and all", (_, map) => {
    const raw = JSON.stringify({ specversion: "1.0", type: "tomorrow.v9", source: "urn:interlock:new", data: { anything: 1 } });
    expect(JSON.stringify(map(readAuditEvent(raw, 7), "00"))).toContain(JSON.stringify(raw).slice(1, -1));
    expect(meaningOf("tomorrow.v9")).toEqual({ action: "other", outcome: "unknown" });
  });

  it("calls a denial a failure and gives its reasons", () => {
    const { bytes } = goldenEvent("session.use.denied.v1");
    const record = toEcs(readAuditEvent(bytes.toString("utf8"), 3), leafHashOf(bytes));
    expect(record).toMatchObject({ event: { type: ["denied"], outcome: "failure", reason: "RECIPIENT_NOT_ALLOWED", sequence: 3 } });
  });

  it("refuses a withheld entry: it is no event", () => {
    expect(() => readAuditEvent('{"logindex":"7","withheld":true,"leafhash":"00"}', 7)).toThrow(TypeError);
  });
});
