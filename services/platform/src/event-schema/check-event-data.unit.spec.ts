import { describe, expect, it } from "vitest";
import { goldenEvent, goldenTypes } from "../../../../test/support/golden-events.js";
import { checkEventData, describedTypes } from "./check-event-data.js";

describe("the schemas of events", () => {
  it.each(goldenTypes())("accept %s as it was once published", (type) => {
    expect(() => checkEventData({ type, data: goldenEvent(type).stored })).not.toThrow();
  });

  it.each(goldenTypes())("refuse a field of %s that nobody decided on", (type) => {
    const data = { ...goldenEvent(type).stored, privateKey: "0x00" };
    expect(() => checkEventData({ type, data })).toThrow(/has no field privateKey/);
  });

  it("refuse a type that is not described, without repeating its data", () => {
    expect(() => checkEventData({ type: "tomorrow.v9", data: { secret: "do not repeat" } })).toThrow(
      /^event tomorrow.v9: no such type is described$/,
    );
  });

  it("refuse a denial without a reason's code, and name the place but not the value", () => {
    const { stored } = goldenEvent("session.use.denied.v1");
    const data = { ...stored, reasons: [{ message: "value that stays here" }] };
    expect(() => checkEventData({ type: "session.use.denied.v1", data })).toThrow(/^event session.use.denied.v1: data.reasons.0 /);
  });

  it("describe every type there is a golden event of", () => {
    expect(goldenTypes().filter((type) => !describedTypes().includes(type))).toEqual([]);
  });
});
