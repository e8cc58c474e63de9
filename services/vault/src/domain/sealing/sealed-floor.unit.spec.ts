import { describe, expect, it } from "vitest";
import { depositRule, transferRule, VAULT } from "#platform/session-policy/policy-document.builder.js";
import { armedPolicy } from "../session-key.builder.js";
import { parseSealedFloor, sealedFloorHash, sealedFloorText } from "./sealed-floor.js";

const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(bytes data)", valueMax: "7" };
const { floor, policyId } = armedPolicy({ rules: [transferRule(), depositRule(), poke] });
const text = sealedFloorText({ policyId, floor });

const quarantined = expect.objectContaining({
  code: "FENCED",
  message: "the floor is not the one that was sealed; the key is quarantined",
  details: { quarantined: true },
});

/** The sealed text with one value changed in place, and a hash that fits it. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const root: unknown = JSON.parse(text);
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => Object(at)[step], root);
  if (last !== undefined) Object(parent)[last] = value;
  return JSON.stringify(root);
}

describe("a sealed floor", () => {
  it("is read back as it was sealed", () => {
    expect(parseSealedFloor(text, sealedFloorHash(text))).toMatchObject({ policyId, floor });
  });

  it("is canonical JSON that names its version", () => {
    expect(text.startsWith('{"floor":{')).toBe(true);
    expect(JSON.parse(text)).toEqual({ version: "sealed-floor/v1", policyId, floor });
  });

  it("is refused when one byte differs from what was hashed", () => {
    const wider = text.replace('"perOp":"500000000"', '"perOp":"900000000"');
    expect(wider).not.toBe(text);
    expect(() => parseSealedFloor(wider, sealedFloorHash(text))).toThrow(quarantined);
  });

  it.each<[readonly (string | number)[], unknown]>([
    [["version"], "sealed-floor/v2"],
    [["policyId"], `0x${"a".repeat(63)}`],
    [["policyId"], `0x${"a".repeat(65)}`],
    [["policyId"], `x0x${"a".repeat(64)}`],
    [["policyId"], 7],
    [["more"], 1],
    [["floor", "version"], "floor/v2"],
    [["floor", "more"], 1],
    [["floor", "chainId"], "01"],
    [["floor", "chainId"], "1x"],
    [["floor", "chainId"], "x1"],
    [["floor", "chainId"], "1".repeat(79)],
    [["floor", "module"], "0x12"],
    [["floor", "account"], `0x${"1".repeat(41)}`],
    [["floor", "account"], `x0x${"1".repeat(40)}`],
    [["floor", "key"], 7],
    [["floor", "validAfter"], -1],
    [["floor", "validUntil"], 1.5],
    [["floor", "maxOps"], "10"],
    [["floor", "limits", 0, "perOp"], 5],
    [["floor", "limits", 0, "more"], 5],
    [["floor", "rules", 0, "id"], 5],
    [["floor", "rules", 0, "selector"], "0xa9059c"],
    [["floor", "rules", 0, "selector"], "0xa9059cbbff"],
    [["floor", "rules", 0, "adapter"], "no"],
    [["floor", "rules", 0, "exactLength"], -1],
    [["floor", "rules", 0, "recipient", "allowed", 0], "0x12"],
    [["floor", "rules", 0, "recipient", "more"], 1],
    [["floor", "rules", 0, "spends", 0, "kind"], "mint"],
    [["floor", "rules", 0, "spends", 0, "more"], 1],
    [["floor", "rules", 0, "more"], 1],
  ])("is refused with %j as %j, though the hash fits", (path, value) => {
    const other = changed(path, value);
    expect(() => parseSealedFloor(other, sealedFloorHash(other))).toThrow(quarantined);
  });

  it.each(["transfer", "approve"])("knows a spend by %s", (kind) => {
    const other = changed(["floor", "rules", 0, "spends", 0, "kind"], kind);
    expect(() => parseSealedFloor(other, sealedFloorHash(other))).not.toThrow();
  });
});
