import { describe, expect, it } from "vitest";
import { goldenEvent } from "../../../../test/support/golden-events.js";
import { evolve } from "./evolve.js";
import { parseSessionEvent } from "./parse-event.js";
import { SESSION_EVENTS, type SessionEvent, type SessionEventType } from "./session-events.js";
import type { SessionState } from "./session-state.js";

function golden(type: SessionEventType): SessionEvent {
  const event = parseSessionEvent({ type, data: goldenEvent(type).data });
  if (event === undefined) throw new TypeError(`${type} is not known any more`);
  return event;
}

const fold = (types: readonly SessionEventType[]): SessionState =>
  types.map(golden).reduce(evolve, { phase: "none" } satisfies SessionState);

const DRAFTED = ["session.generated.v1", "grant.drafted.v1"] as const;
const ARMED = [...DRAFTED, "grant.signed.v1", "session.armed.v1"] as const;
const AUTHORIZED = [...ARMED, "session.use.authorized.v1"] as const;
const COMMITTED = [...AUTHORIZED, "session.use.committed.v1"] as const;
const REVOKED = [...COMMITTED, "session.revoked_externally.v1"] as const;

/** What has to have happened before an event of each type. */
const BEFORE: Readonly<Record<SessionEventType, readonly SessionEventType[]>> = {
  "session.generated.v1": [],
  "grant.drafted.v1": ["session.generated.v1"],
  "grant.signed.v1": DRAFTED,
  "grant.expired.v1": DRAFTED,
  "session.armed.v1": [...DRAFTED, "grant.signed.v1"],
  "session.use.authorized.v1": ARMED,
  "session.use.denied.v1": ARMED,
  "session.use.committed.v1": AUTHORIZED,
  "session.use.released.v1": AUTHORIZED,
  "session.use.reorged.v1": COMMITTED,
  "session.disarmed.v1": COMMITTED,
  "session.forfeited.v1": ARMED,
  "session.expired.v1": ARMED,
  "session.revoked_externally.v1": COMMITTED,
  "session.revocation_confirmed.v1": REVOKED,
};

describe("permissions and the golden events", () => {
  const types = Object.keys(SESSION_EVENTS) as SessionEventType[];

  it.each(types)("reads %s without losing a field", (type) => {
    expect(golden(type).data).toEqual(goldenEvent(type).stored);
  });

  it.each(types)("%s still changes the session it happened to", (type) => {
    const before = fold(BEFORE[type]);
    expect(evolve(before, golden(type))).not.toEqual(before);
  });

  it("a whole session of them ends revoked, its use counted", () => {
    const state = fold([...REVOKED, "session.revocation_confirmed.v1"]);
    expect(state).toMatchObject({ phase: "revoked", revokedBy: goldenEvent("session.revocation_confirmed.v1").data.transactionHash });
  });
});
