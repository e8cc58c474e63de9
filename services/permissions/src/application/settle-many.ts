import { findInterlockError } from "#platform/errors/interlock-error.js";
import { refuseField } from "#platform/intent/field.js";
import { consumeSpan } from "#platform/telemetry/consume-span.js";
import type { SettleManyRequest, SettleManyResponse, SettleRequest, SettleResult } from "#proto/interlock/permissions/v1/permissions.js";
import type { Settle } from "./settle.js";

const MOST = 200;

/** The outcomes of a block's worth of executions in one call: those of one session are appended together. */
export class SettleMany {
  constructor(private readonly settle: Settle) {}

  /** Each settlement as if it came alone, in its own trace. @throws InterlockError VALIDATION_FAILED for too many */
  async execute({ settlements, traceparents }: SettleManyRequest): Promise<SettleManyResponse> {
    if (settlements.length > MOST) refuseField("settlements", `must be at most ${MOST}`, `${settlements.length} settlements`);
    const settled = settlements.map((one, i) => {
      const traceparent = traceparents[i] ?? "";
      return traceparent === "" ? this.#one(one) : consumeSpan("settle", { traceparent }, () => this.#one(one));
    });
    return { results: await Promise.all(settled) };
  }

  async #one(request: SettleRequest): Promise<SettleResult> {
    try {
      const { version } = await this.settle.execute(request);
      return { version, code: "", message: "" };
    } catch (error) {
      const known = findInterlockError(error);
      if (known === undefined) throw error;
      return { version: "", code: known.code, message: known.message };
    }
  }
}
