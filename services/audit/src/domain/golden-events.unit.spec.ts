import { describe, expect, it } from "vitest";
import { goldenEvent, goldenTypes } from "../../../../test/support/golden-events.js";
import { readPublishedEvent } from "./published-event.js";

describe("audit and the golden events", () => {
  it.each(goldenTypes())("takes in %s, its bytes as they came", (type) => {
    const { bytes, id, source, sequence } = goldenEvent(type);
    const read = readPublishedEvent(bytes);
    expect(read).toMatchObject({ type, id, source, sequence });
    expect(read.bytes).toBe(bytes);
  });
});
