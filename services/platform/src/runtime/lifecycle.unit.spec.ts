import { describe, expect, it } from "vitest";
import { createLogger } from "../logging/logger.js";
import { Lifecycle } from "./lifecycle.js";

describe("the lifecycle", () => {
  const lines: string[] = [];
  const logger = createLogger({ service: "relay", level: "info", destination: { write: (line) => void lines.push(line) } });

  it("closes in reverse order, each hook once", async () => {
    const order: string[] = [];
    const lifecycle = new Lifecycle(logger);
    lifecycle.onClosed("pool", () => void order.push("pool"));
    lifecycle.onClosed("client", () => void order.push("client"));
    await lifecycle.close();
    await lifecycle.close();
    expect(order).toEqual(["client", "pool"]);
  });

  it("goes on when a hook throws, rejects or hangs", async () => {
    const lifecycle = new Lifecycle(logger, 5);
    const order: string[] = [];
    lifecycle.onClosed("last", () => void order.push("last"));
    lifecycle.onClosed("throws", () => {
      throw new Error("broken");
    });
    lifecycle.onClosed("rejects", () => Promise.reject(new Error("broken")));
    lifecycle.onClosed("hangs", () => new Promise(() => undefined));
    await lifecycle.close();
    expect(order).toEqual(["last"]);
    expect(lines.filter((line) => line.includes("a stop hook failed"))).toHaveLength(3);
  });
});
