import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CapabilityRegistry } from "../health/capability-registry.js";
import { systemClock } from "../kernel/clock.js";
import { parseFloor } from "./floor.js";
import { OperatorFloor } from "./operator-floor.js";

describe("an operator's floor", () => {
  const folder = mkdtempSync(join(tmpdir(), "floor-"));
  const file = join(folder, "floor.json");
  const logger = { warn: vi.fn() };
  let registry: CapabilityRegistry;
  let floor: OperatorFloor;
  const held = () => registry.conditions().map(({ condition }) => condition);
  const set = (text: string) => writeFileSync(file, text);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    logger.warn.mockClear();
    registry = new CapabilityRegistry("vault", { sign: { downWhen: ["DbDown", "SignerDown"] } }, systemClock);
    floor = new OperatorFloor({ file, registry, logger, everyMs: 2 });
  });
  afterEach(async () => {
    await floor.stop();
    rmSync(file, { force: true });
  });

  it("is nothing where there is no file, and is taken up when one comes", async () => {
    floor.start();
    expect(held()).toEqual([]);
    set('{"level":"L3"}');
    await vi.waitFor(() => expect(held()).toEqual(["DbDown"]));
    expect(registry.isAvailable("sign")).toBe(false);
  });

  it("is followed up and down without a restart", async () => {
    set('{"level":"L2","conditions":["SignerDown"]}');
    floor.start();
    await vi.waitFor(() => expect(held()).toEqual(["KafkaDown", "SignerDown"]));
    set('{"level":"auto"}');
    await vi.waitFor(() => expect(held()).toEqual([]));
    expect(registry.isAvailable("sign")).toBe(true);
  });

  it("takes back nothing that the process sees itself", async () => {
    registry.raise("DbDown", "postgres", "ECONNREFUSED");
    set('{"level":"L3"}');
    floor.start();
    await vi.waitFor(() => expect(registry.conditions()[0]?.reasons).toHaveLength(2));
    rmSync(file);
    await vi.waitFor(() => expect(registry.conditions()[0]?.reasons).toEqual(["ECONNREFUSED"]));
  });

  it("stays as it was, with one warning, while the file is malformed", async () => {
    set('{"level":"L5"}');
    floor.start();
    await vi.waitFor(() => expect(held()).toEqual(["SignerDown"]));
    set('{"level":"L9"}');
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalled());
    expect(held()).toEqual(["SignerDown"]);
    expect(logger.warn).toHaveBeenCalledOnce();
  });

  it.each([
    ["[", "is no JSON"],
    ['{"level":"L7"}', "level:"],
    ['{"conditions":["MoonDown"]}', "conditions.0:"],
    ['{"allow":["sign"]}', "floor:"],
  ])("is refused with its place: %s", (text, wrong) => expect(parseFloor(text)).toEqual({ wrong: expect.stringContaining(wrong) }));
});
