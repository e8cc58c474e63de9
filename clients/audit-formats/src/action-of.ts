/** What an event means to a tool that knows nothing of session keys. */
export interface EventMeaning {
  readonly action: "create" | "activate" | "deactivate" | "use" | "deny" | "change" | "access" | "other";
  readonly outcome: "success" | "failure" | "unknown";
}

const TABLE: readonly (readonly [pattern: RegExp, EventMeaning])[] = [
  [/^(session|key)\.generated\.|^grant\.drafted\.|^execution\.received\./, { action: "create", outcome: "success" }],
  [/^session\.armed\.|^key\.sealed\.|^account\.linked\.|^agent\.registered\./, { action: "activate", outcome: "success" }],
  [/\.(denied|refused|simulation_failed)\./, { action: "deny", outcome: "failure" }],
  [
    /^(session|key)\.(disarmed|expired|forfeited)\.|^session\.rev|^revocation\.|^agent\.revoked\.|^account\.unlinked\.|^logout\./,
    { action: "deactivate", outcome: "success" },
  ],
  [/^(login|audit\.accessed)\./, { action: "access", outcome: "success" }],
  [/^kek\.|^grant\./, { action: "change", outcome: "success" }],
  [/\.(reverted|reorged|expired|conflict|forged)\./, { action: "use", outcome: "failure" }],
  [/^session\.use\.|^key\.signed\.|^execution\./, { action: "use", outcome: "success" }],
];

/** The meaning of an event type; `other` for one that nobody here knows. */
export function meaningOf(type: string): EventMeaning {
  return TABLE.find(([pattern]) => pattern.test(type))?.[1] ?? { action: "other", outcome: "unknown" };
}
