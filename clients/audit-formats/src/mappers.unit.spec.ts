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
/** Maps every golden event; with UPDATE_GOLDEN=1 the files are written anew, to be read before they are committed. */
const mapped = (map: (typeof MAPPERS)[keyof typeof MAPPERS]) =>
  goldenTypes().map((type, i) => {
    const { bytes } = goldenEvent(type);
    return map(readAuditEvent(bytes.toString("utf8"), i), leafHashOf(bytes));
  });

describe("a mapper", () => {
  it.each(Object.entries(MAPPERS))("to %s gives what its golden file says for every type of event", (name, map) => {
    const path = `${FOLDER}${name}.ndjson`;
    const text = mapped(map)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join("");
    if (process.env.UPDATE_GOLDEN === "1" && !existsSync(path)) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
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
