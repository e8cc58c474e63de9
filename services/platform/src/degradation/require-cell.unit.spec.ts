import { expect, it } from "vitest";
import { requireCell } from "./require-cell.js";

it("lets through what the ladder serves in whatever mode", () => {
  requireCell("useOpen", new Set(["KafkaDown"]));
  requireCell("disarm", new Set(["DbDown", "SignerDown", "RpcDegraded"]));
});

it("names every condition that by itself refuses, and no other", () => {
  expect(() => requireCell("useOpen", new Set(["UiDown", "DbDown", "RpcDegraded"]))).toThrow(
    "useOpen is not possible now: DbDown, RpcDegraded",
  );
});

it("refuses what does not exist yet", () => {
  expect(() => requireCell("list", new Set(["DbDown"]))).toThrow(
    expect.objectContaining({ code: "CONDITION", details: { capability: "list", conditions: ["DbDown"], mode: "absent" } }),
  );
});
