import {
  decideConfirmRevocation,
  decideDisarm,
  decideExpire,
  decideForfeit,
  decideProveDestruction,
  decideRevokeExternally,
} from "./decide-end.js";
import { decideAddSignature, decideArm, decideDraft } from "./decide-grant.js";
import { decideSettle } from "./decide-settle.js";
import { decideUse } from "./decide-use.js";
import { type Decision, refused } from "./decision.js";
import type { SessionCommand } from "./session-command.js";
import { isSession, type SessionState } from "./session-state.js";

/** What `command` comes to in `state`. Pure: time, ids and everything seen outside stand in the command. */
export function decide(state: SessionState, command: SessionCommand): Decision {
  if (command.kind === "draft") return decideDraft(state, command);
  if (!isSession(state)) return refused("NOT_FOUND", "there is no such session");
  switch (command.kind) {
    case "add-signature":
      return decideAddSignature(state, command);
    case "arm":
      return decideArm(state, command);
    case "use":
      return decideUse(state, command);
    case "settle":
      return decideSettle(state, command);
    case "disarm":
      return decideDisarm(state, command);
    case "forfeit":
      return decideForfeit(state, command);
    case "prove-destruction":
      return decideProveDestruction(state, command);
    case "expire":
      return decideExpire(state, command);
    case "confirm-revocation":
      return decideConfirmRevocation(state, command);
    case "revoke-externally":
      return decideRevokeExternally(state, command);
  }
}
