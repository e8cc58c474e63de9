import { describe, expect, it } from "vitest";
import { aDraft, anArm, anArmed, apply, hash, OTHER_OWNER, OWNER, START, sessionAfter } from "../testing/session.builder.js";
import { decide } from "./decide.js";
import type { SessionCommand } from "./session-command.js";
import { INITIAL, isSession, type SessionState } from "./session-state.js";

const sign = (owner: string, at = START + 5): SessionCommand => ({ kind: "add-signature", owner, signatureHash: hash("55"), at });
const disarm = (at = START + 50): SessionCommand => ({ kind: "disarm", reason: "lost phone", initiator: "owner", at });
const revoke = (at = START + 50): SessionCommand => {
  const where = { transactionHash: "", blockNumber: "", logIndex: "" };
  return { kind: "revoke-externally", cause: "epoch", detail: "d", ...where, observed: "epoch 1", at };
};
const destroyed: SessionCommand = { kind: "prove-destruction", kekVersion: "2", rowsDestroyed: 1, at: START + 60 };
const session = (state: SessionState) => {
  if (!isSession(state)) throw new Error("no session");
  return state;
};

describe("the life of a session", () => {
  it("begins with GENERATE and the draft, once", () => {
    expect(apply(INITIAL, aDraft()).events.map(({ type }) => type)).toEqual(["session.generated.v1", "grant.drafted.v1"]);
    expect(decide(sessionAfter(aDraft()), aDraft())).toMatchObject({ code: "ALREADY_EXISTS" });
  });

  it("takes each owner's signature once and nobody else's", () => {
    const signed = sessionAfter(aDraft(), sign(OWNER));
    expect([...signed.signedBy]).toEqual([[OWNER, START + 5]]);
    expect(apply(signed, sign(OWNER)).events).toEqual([]);
    expect(apply(signed, sign(OTHER_OWNER)).events).toHaveLength(1);
    expect(decide(signed, sign(`0x${"ff".repeat(20)}`))).toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });

  it("arms once, with the drafted policy only", () => {
    const armed = anArmed();
    expect([armed.phase, armed.generation, armed.fence, armed.armed?.transactionHash]).toEqual(["armed", 1, "open", hash("66")]);
    expect(apply(armed, anArm()).events).toEqual([]);
    for (const wrong of [{ policyId: hash("2f") }, { policyHash: hash("1f") }]) {
      expect(decide(sessionAfter(aDraft()), { ...anArm(), ...wrong } as SessionCommand)).toMatchObject({ code: "POLICY_MISMATCH" });
    }
    expect(decide(armed, sign(OWNER))).toMatchObject({ code: "ALREADY_ARMED" });
  });

  it("can be confirmed until an hour after the Arm deadline, and not once its window is over", () => {
    expect(decide(sessionAfter(aDraft()), anArm(START + 7_200))).toMatchObject({ kind: "events" });
    expect(decide(sessionAfter(aDraft()), anArm(START + 7_201))).toMatchObject({ code: "GRANT_EXPIRED" });
    expect(decide(sessionAfter(aDraft({ lasts: 60 })), anArm(START + 60))).toMatchObject({ code: "GRANT_EXPIRED" });
    expect(decide(sessionAfter(aDraft({ lasts: 60 })), anArm(START + 59))).toMatchObject({ kind: "events" });
  });

  it.each([
    ["DISARM", disarm(), "disarmed", "lost phone", "DISARMED"],
    ["FORFEIT", { ...disarm(), kind: "forfeit" } as SessionCommand, "disarmed", "forfeited: lost phone", "DISARMED"],
    ["EXTERNAL_REVOCATION", revoke(), "revoked", "epoch", "EXTERNALLY_REVOKED"],
  ])("ends with %s: one generation on, key to be shredded, never armed again", (_, command, phase, reason, code) => {
    const over = session(apply(anArmed(), command).state);
    expect([over.phase, over.generation, over.fence, over.ended]).toEqual([phase, 2, "pending", { reason, at: START + 50 }]);
    expect(apply(over, command).events).toEqual([]);
    expect(decide(over, anArm())).toMatchObject({ code });
    expect(decide(over, sign(OWNER))).toMatchObject({ code });
  });

  it("records the proof of destruction once, only after its end", () => {
    expect(decide(anArmed(), destroyed)).toMatchObject({ code: "CONFLICT" });
    const over = apply(anArmed(), disarm()).state;
    const proven = apply(over, destroyed);
    expect(proven.events).toMatchObject([
      {
        type: "session.disarmed.v1",
        data: { phase: "destroyed", reason: "lost phone", kekVersion: "2", rowsDestroyed: 1, generation: 2, keyRef: "key-1" },
      },
    ]);
    expect(session(proven.state)).toMatchObject({ phase: "disarmed", fence: "done", generation: 2 });
    expect(apply(proven.state, destroyed).events).toEqual([]);
  });

  it("expires at the end of its window and not a second before", () => {
    const armed = anArmed({ lasts: 100 });
    expect(apply(armed, { kind: "expire", at: START + 99 }).events).toEqual([]);
    const over = session(apply(armed, { kind: "expire", at: START + 100 }).state);
    expect([over.phase, over.generation, over.fence, over.ended?.reason]).toEqual(["expired", 2, "pending", "expired"]);
    expect(apply(over, { kind: "expire", at: START + 101 }).events).toEqual([]);
  });

  it("of a draft ends unconfirmed", () => {
    const draft = sessionAfter(aDraft());
    expect(apply(draft, { kind: "expire", at: START + 7_200 }).events).toEqual([]);
    const over = apply(draft, { kind: "expire", at: START + 7_201 });
    expect(over.events.map(({ type }) => type)).toEqual(["grant.expired.v1"]);
    expect(session(over.state).ended?.reason).toBe("grant expired");
    expect(decide(over.state, anArm())).toMatchObject({ code: "GRANT_EXPIRED" });
    expect(apply(sessionAfter(aDraft({ lasts: 60 })), { kind: "expire", at: START + 60 }).events).toHaveLength(1);
  });

  it("of a draft can be stopped, but not revoked on chain, where nothing of it is", () => {
    expect(decide(sessionAfter(aDraft()), revoke())).toMatchObject({ code: "NOT_ARMED" });
    expect(session(apply(sessionAfter(aDraft()), disarm()).state).phase).toBe("disarmed");
  });

  it("notes the on-chain half of a DISARM once, and only after it", () => {
    const confirm: SessionCommand = { kind: "confirm-revocation", transactionHash: hash("fe"), blockNumber: "12", at: START + 70 };
    expect(decide(anArmed(), confirm)).toMatchObject({ code: "CONFLICT" });
    const noted = apply(apply(anArmed(), disarm()).state, confirm).state;
    expect(session(noted).revokedBy).toBe(hash("fe"));
    expect(apply(noted, confirm).events).toEqual([]);
  });
});
