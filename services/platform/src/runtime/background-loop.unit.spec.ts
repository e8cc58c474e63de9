import { describe, expect, it, vi } from "vitest";
import { BackgroundLoop } from "./background-loop.js";

const FOREVER = 3_600_000;

describe("a background loop", () => {
  it("goes on at once while there is more to do, then pauses until it is signalled", async () => {
    let left = 3;
    const turn = vi.fn(async () => --left > 0);
    const loop = new BackgroundLoop({ pauseMs: FOREVER, turn, onError: () => {} });
    loop.start();
    await vi.waitFor(() => expect(turn).toHaveBeenCalledTimes(3));
    loop.signal();
    await vi.waitFor(() => expect(turn).toHaveBeenCalledTimes(4));
    await loop.stop();
  });

  it("does what it was signalled for while it was busy, after its rest", async () => {
    const loop: BackgroundLoop = new BackgroundLoop({
      pauseMs: FOREVER,
      restMs: 20,
      turn: async () => {
        begun.push(performance.now());
        if (begun.length === 1) loop.signal();
        return false;
      },
      onError: () => {},
    });
    const begun: number[] = [];
    loop.start();
    await vi.waitFor(() => expect(begun).toHaveLength(2));
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(15);
    await loop.stop();
  });

  it("tells a failure and tries again", async () => {
    const onError = vi.fn();
    const turn = vi.fn(async () => false).mockRejectedValueOnce(new Error("away"));
    const loop = new BackgroundLoop({ pauseMs: 1, turn, onError });
    loop.start();
    await vi.waitFor(() => expect(turn.mock.calls.length).toBeGreaterThan(1));
    expect(onError).toHaveBeenCalledOnce();
    await loop.stop();
  });

  it("never runs two turns at a time and finishes the running one when it is stopped", async () => {
    let finish: (more: boolean) => void = () => {};
    const turn = vi.fn(() => new Promise<boolean>((resolve) => (finish = resolve)));
    const loop = new BackgroundLoop({ pauseMs: 1, turn, onError: () => {} });
    loop.start();
    loop.start();
    loop.signal();
    const stopping = loop.stop();
    finish(true);
    await stopping;
    expect(turn).toHaveBeenCalledOnce();
  });
});
