import { parseBytes32, parseUint, parseUintNumber, refuseField } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { parseExecutionId } from "#platform/kernel/ids.js";
import type { SettleRequest, SettleResponse } from "#proto/interlock/permissions/v1/permissions.js";
import type { Settle as SettleCommand } from "../domain/session-command.js";
import { RELEASE_OUTCOMES } from "../domain/session-events.js";
import { eventActor } from "./caller.js";
import { originOf } from "./origin.js";
import { recentSession } from "./session-access.js";
import type { SessionStream } from "./session-stream.js";

const OUTCOMES = ["committed", "reorged", ...RELEASE_OUTCOMES] as const;

/** What became of an execution on chain: its reservation is counted, given back, or held again after a reorganisation. */
export class Settle {
  constructor(private readonly parts: { readonly stream: SessionStream; readonly clock: Clock }) {}

  /** The same outcome again is no error. @throws InterlockError VALIDATION_FAILED, NOT_FOUND, EXECUTION_FINAL, CONFLICT */
  async execute(request: SettleRequest): Promise<SettleResponse> {
    const { stream, clock } = this.parts;
    const command = parseSettle(request, unixSeconds(clock));
    const { state } = await recentSession(stream, request.sessionId);
    const result = await stream.run(state.key.sessionId, command, originOf(state, eventActor(), command.executionId));
    return { version: String(result.version) };
  }
}

/** @throws InterlockError VALIDATION_FAILED naming the field; a block is demanded where the outcome is about one */
export function parseSettle(request: SettleRequest, at: number): SettleCommand {
  const outcome = OUTCOMES.find((name) => name === request.outcome);
  if (outcome === undefined) refuseField("outcome", `must be one of ${OUTCOMES.join(", ")}`, request.outcome);
  const base = { kind: "settle", executionId: parseExecutionId(request.executionId), outcome, at } as const;
  const { transactionHash, blockNumber, blockHash, blockTime } = request;
  if (outcome === "committed") {
    return {
      ...base,
      transactionHash: parseBytes32("transaction_hash", transactionHash),
      blockNumber: String(parseUint("block_number", blockNumber, 64)),
      blockHash: parseBytes32("block_hash", blockHash),
      minedAt: parseUintNumber("block_time", blockTime, 40),
    };
  }
  if (outcome === "reorged") {
    const hashes = { transactionHash: parseBytes32("transaction_hash", transactionHash), blockHash: parseBytes32("block_hash", blockHash) };
    return { ...base, ...hashes, blockNumber, minedAt: 0 };
  }
  return { ...base, transactionHash, blockNumber, blockHash, minedAt: 0 };
}
