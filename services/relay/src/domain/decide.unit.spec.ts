import { describe, expect, test } from "vitest";
import { decide } from "./decide.js";
import { fold } from "./evolve.js";
import {
  AT,
  authorize,
  BLOCK_A,
  BLOCK_B,
  broadcast,
  broadcasted,
  cancel,
  finalise,
  history,
  lose,
  mine,
  replace,
  sign,
} from "./execution.builder.js";
import type { ExecutionCommand } from "./execution-command.js";
import { reason } from "./reason.js";

const statuses = (...commands: readonly ExecutionCommand[]) => history(...commands).state.transitions.map(({ state }) => state);
const refused = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return Reflect.get(Object(error), "code");
  }
  return undefined;
};

describe("the way to CONFIRMED", () => {
  test("goes through every state once", () => {
    expect(statuses(...broadcasted, mine("0x1"), finalise("0x1"))).toEqual([
      "RECEIVED",
      "AUTHORIZED",
      "SIGNED",
      "BROADCAST",
      "MINED",
      "CONFIRMED",
    ]);
  });

  test("adds up to the same state when its stream is read again", () => {
    const { state, events } = history(...broadcasted, replace("0x2"), mine("0x2"), finalise("0x2"));
    expect(fold(events)).toEqual(state);
  });

  test("keeps one nonce for all attempts, and any of them may be the one that mines", () => {
    const { state } = history(...broadcasted, replace("0x2"), replace("0x3"), mine("0x1"));
    expect(state.lease?.nonce).toBe("9");
    expect(state.attempts.map(({ transactionHash }) => transactionHash)).toEqual(["0x1", "0x2", "0x3"]);
    expect(state.mined?.transactionHash).toBe("0x1");
  });

  test("does not repeat what is known: receiving, authorising, sending and mining twice are one event each", () => {
    const twice = history(authorize, authorize, sign("0x1"), broadcast("0x1"), broadcast("0x1"), mine("0x1"), mine("0x1"));
    expect(twice.events.map(({ type }) => type)).toEqual([
      "execution.received.v1",
      "execution.authorized.v1",
      "execution.signed.v1",
      "execution.broadcast.v1",
      "execution.mined.v1",
    ]);
  });
});

describe("a nonce", () => {
  test("is leased only once", () => {
    const { state } = history(authorize, sign("0x1"));
    expect(refused(() => decide(state, sign("0x2")))).toBe("CONFLICT");
  });

  test("is not leased before the execution is authorised", () => {
    expect(refused(() => decide(history().state, sign("0x1")))).toBe("CONFLICT");
  });

  test("is not leased for an execution that has ended", () => {
    expect(refused(() => decide(history(authorize, cancel).state, sign("0x1")))).toBe("CONFLICT");
  });

  test("makes a denial, an expiry and a failed simulation impossible, because it must be used up on chain first", () => {
    const { state } = history(authorize, sign("0x1"));
    const commands: ExecutionCommand[] = [
      { do: "deny", at: AT, reasons: [], decisionId: "", reserved: true },
      { do: "expire", at: AT, reasons: [] },
      { do: "failSimulation", at: AT, reasons: [], signed: true },
    ];
    for (const command of commands) expect(refused(() => decide(state, command))).toBe("CONFLICT");
  });

  test("is needed before anything can be sent, replaced, mined or ended on chain", () => {
    const { state } = history(authorize);
    for (const command of [broadcast("0x1"), replace("0x1"), mine("0x1"), finalise("0x1")])
      expect(refused(() => decide(state, command))).toBe("CONFLICT");
  });

  test("is never taken as used by a transaction that is not ours", () => {
    expect(refused(() => decide(history(...broadcasted).state, mine("0x9")))).toBe("CONFLICT");
  });
});

describe("a reorganisation", () => {
  const back = { do: "reorg", at: AT, blockHash: BLOCK_A.blockHash } as const;

  test("takes MINED back, and the same bytes go out again", () => {
    expect(statuses(...broadcasted, mine("0x1"), back, broadcast("0x1"), mine("0x1", BLOCK_B), finalise("0x1", BLOCK_B)).slice(-5)).toEqual(
      ["MINED", "REORGED", "BROADCAST", "MINED", "CONFIRMED"],
    );
  });

  test("of another block changes nothing", () => {
    const { state } = history(...broadcasted, mine("0x1"));
    expect(decide(state, { ...back, blockHash: BLOCK_B.blockHash })).toEqual([]);
  });

  test("deeper than the confirmations takes even CONFIRMED back", () => {
    expect(history(...broadcasted, mine("0x1"), finalise("0x1"), back).state.status).toBe("REORGED");
  });

  test("keeps a cancellation that is under way", () => {
    expect(history(...broadcasted, cancel, mine("0x1"), back).state.status).toBe("CANCELLING");
  });

  test("lets only the block that holds it now end an execution", () => {
    const { state } = history(...broadcasted, mine("0x1", BLOCK_B));
    expect(decide(state, finalise("0x1", BLOCK_A))).toEqual([]);
  });
});

describe("a cancellation", () => {
  test("ends an execution without a nonce at once", () => {
    expect(history(cancel).state.status).toBe("CANCELLED");
  });

  test("of one with a nonce waits for what mines: the self-send cancels it", () => {
    const end = history(...broadcasted, cancel, replace("0x2", "void"), finalise("0x2"));
    expect(end.state.status).toBe("CANCELLED");
    expect(end.state.cancelledBy).toBe("owner");
  });

  test("that comes too late confirms what was mined", () => {
    expect(history(...broadcasted, cancel, replace("0x2", "void"), mine("0x1"), finalise("0x1")).state.status).toBe("CONFIRMED");
  });

  test("stays visible while its self-send is sent and replaced", () => {
    expect(history(...broadcasted, cancel, replace("0x2", "void"), broadcast("0x2")).state.status).toBe("CANCELLING");
  });

  test("is refused once the execution was mined or has ended, and is no news the second time", () => {
    expect(refused(() => decide(history(...broadcasted, mine("0x1")).state, cancel))).toBe("EXECUTION_FINAL");
    expect(refused(() => decide(history(...broadcasted, mine("0x1"), finalise("0x1")).state, cancel))).toBe("EXECUTION_FINAL");
    expect(decide(history(...broadcasted, cancel).state, cancel)).toEqual([]);
    expect(decide(history(cancel).state, cancel)).toEqual([]);
  });
});

describe("an end without effect", () => {
  test("is REVERTED when the transaction failed on chain", () => {
    const failed = { ...mine("0x1", BLOCK_A, false), reasons: [reason("BUDGET_EXCEEDED", "too much")] };
    const { state } = history(...broadcasted, failed as ReturnType<typeof mine>, finalise("0x1"));
    expect(state.status).toBe("REVERTED");
    expect(state.reasons.map(({ code }) => code)).toEqual(["BUDGET_EXCEEDED"]);
  });

  test("is EXPIRED when it failed only because its deadline had passed", () => {
    const failed = { ...mine("0x1", BLOCK_A, false), reasons: [reason("EXPIRED", "late", "deadline")] };
    expect(history(...broadcasted, failed as ReturnType<typeof mine>, finalise("0x1")).state.status).toBe("EXPIRED");
  });

  test("is EXPIRED when a self-send used the nonce up and nobody had cancelled", () => {
    expect(history(...broadcasted, replace("0x2", "void"), finalise("0x2")).state.status).toBe("EXPIRED");
  });

  test("is DENIED with its reasons and decision", () => {
    const { state } = history({ do: "deny", at: AT, reasons: [reason("FENCED", "fenced")], decisionId: "d7", reserved: true });
    expect([state.status, state.decisionId, state.reasons[0]?.code]).toEqual(["DENIED", "d7", "FENCED"]);
  });

  test("is SIM_FAILED when the chain would refuse what was authorised", () => {
    expect(history(authorize, { do: "failSimulation", at: AT, reasons: [], signed: false }).state.status).toBe("SIM_FAILED");
  });
});

describe("a hold", () => {
  const hold = { do: "hold", at: AT, reason: "insufficient-funds" } as const;

  test("is left by sending, and is no failure", () => {
    expect(statuses(...broadcasted.slice(0, 2), hold, broadcast("0x1")).slice(-2)).toEqual(["HELD", "BROADCAST"]);
  });

  test("before the nonce is left by authorising again", () => {
    expect(history(hold, authorize, sign("0x1")).state.status).toBe("SIGNED");
  });

  test("says nothing new about what is held, being cancelled, mined or over", () => {
    for (const before of [[hold], [...broadcasted, cancel], [...broadcasted, mine("0x1")], [cancel]])
      expect(decide(history(...before).state, hold)).toEqual([]);
  });
});

describe("a nonce that was used by somebody else's transaction", () => {
  test("ends an execution as EXPIRED with the nonce as its reason, once", () => {
    const { state, events } = history(...broadcasted, lose, lose);
    expect(state.status).toBe("EXPIRED");
    expect(state.reasons).toMatchObject([{ code: "NONCE_STOLEN", actual: "9", path: "chain" }]);
    expect(events.filter(({ type }) => type === "execution.expired.v1")).toHaveLength(1);
  });

  test("ends a cancelled one as CANCELLED by who asked for it, with the signature out", () => {
    const { state, events } = history(...broadcasted, cancel, lose);
    expect([state.status, state.cancelledBy]).toEqual(["CANCELLED", "owner"]);
    expect(events.at(-1)).toMatchObject({ data: { signed: true, transactionHash: "" } });
  });

  test("changes nothing once one of our own was mined, and needs a nonce to have been leased", () => {
    expect(statuses(...broadcasted, mine("0x1"), lose).at(-1)).toBe("MINED");
    expect(refused(() => history(authorize, lose))).toBe("CONFLICT");
  });
});
