import type { AttemptKind, FeesJson, MinedJson, ReasonJson, Received } from "./execution-event.js";

/** Facts and wishes an execution is told; `at` is RFC 3339 and always injected. */
export type ExecutionCommand =
  | { do: "receive"; received: Received["data"] }
  | { do: "deny"; at: string; reasons: ReasonJson[]; decisionId: string; reserved: boolean }
  | { do: "authorize"; at: string; decisionId: string; reservationId: string }
  | { do: "failSimulation"; at: string; reasons: ReasonJson[]; signed: boolean }
  | ({ do: "sign"; at: string; sender: string; nonce: string; transactionHash: string; gasLimit: string } & FeesJson)
  | { do: "broadcast"; at: string; transactionHash: string }
  | ({ do: "replace"; at: string; transactionHash: string; kind: AttemptKind; cause: string } & FeesJson)
  | ({ do: "mine"; at: string; success: boolean; reasons: ReasonJson[] } & MinedJson)
  | { do: "reorg"; at: string; blockHash: string }
  | ({ do: "finalise"; at: string } & MinedJson)
  | { do: "cancel"; at: string; requestedBy: string; signingMayBeUnderWay: boolean }
  | { do: "expire"; at: string; reasons: ReasonJson[] }
  | { do: "lose"; at: string; nonce: string }
  | { do: "hold"; at: string; reason: string };

export type CommandOf<Name extends ExecutionCommand["do"]> = Extract<ExecutionCommand, { do: Name }>;
