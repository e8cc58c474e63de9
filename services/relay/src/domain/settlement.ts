import type { ExecutionEvent } from "./execution-event.js";

/** Outcomes of permissions.Settle. */
export type SettlementOutcome = "committed" | "reverted" | "expired" | "cancelled" | "reorged" | "unsigned";

/**
 * What permissions has to be told, and when.
 * `after-deadline`: the signature is out, so budget is given back only when the intent can no longer be mined by anybody:
 * its deadline has passed at the confirmed depth and its nonce is still unused there (03-permissions-policy).
 */
export interface Settlement {
  readonly outcome: SettlementOutcome;
  readonly when: "now" | "after-deadline";
}

/** The settlement an event asks for; undefined when it changes nothing about the reservation. */
export function settlementOf(event: ExecutionEvent): Settlement | undefined {
  switch (event.type) {
    case "execution.denied.v1":
      return event.data.reserved ? { outcome: "unsigned", when: "now" } : undefined;
    case "execution.simulation_failed.v1":
      return event.data.signed ? { outcome: "expired", when: "after-deadline" } : { outcome: "unsigned", when: "now" };
    case "execution.mined.v1":
      return event.data.success ? { outcome: "committed", when: "now" } : undefined;
    case "execution.reorged.v1":
      return event.data.success ? { outcome: "reorged", when: "now" } : undefined;
    case "execution.reverted.v1":
      return { outcome: "reverted", when: "after-deadline" };
    case "execution.expired.v1":
      return { outcome: "expired", when: "after-deadline" };
    case "execution.cancelled.v1":
      return event.data.signed ? { outcome: "cancelled", when: "after-deadline" } : { outcome: "unsigned", when: "now" };
    default:
      return undefined;
  }
}
