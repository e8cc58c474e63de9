import type { JsonObject } from "#platform/kernel/json.js";

export interface KeptRequest {
  readonly principal: string;
  /** Idempotency-Key; "" runs the work unkept. */
  readonly key: string;
  readonly body: JsonObject;
}

/** Answers kept by idempotency key: the same key and body gets the stored answer, and the work is done once. A failure is not kept. */
export interface AnswerKeeper {
  /** @throws InterlockError IDEMPOTENCY_KEY_REUSED for another body, IDEMPOTENCY_KEY_IN_FLIGHT while the first is under way */
  once<T extends object>(request: KeptRequest, work: () => Promise<T>): Promise<T>;
}
