import { isErrorCode } from "#platform/errors/error-table.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type JsonObject, parseJsonObject } from "#platform/kernel/json.js";
import { failureSchema, OPERATIONS, type OperationName, type RequestOf, type ResultOf } from "../../signer-core/protocol/operations.js";
import type { CoreConnection } from "./core-connection.js";

const TIMEOUT_MS = 5_000;

/** Asks signer-core; requests and answers are checked against one schema on both sides. */
export class CoreClient {
  constructor(private readonly connection: CoreConnection) {}

  /** @throws InterlockError what the core refused with, or DEPENDENCY_UNAVAILABLE when it could not be asked */
  async call<Op extends OperationName>(op: Op, request: RequestOf<Op>): Promise<ResultOf<Op>> {
    const frame = await this.connection.ask(Buffer.from(JSON.stringify({ op, request })), TIMEOUT_MS);
    const body = parseJsonObject(frame.body.toString("utf8"));
    if (frame.kind === "error") throw refusal(body);
    const result = OPERATIONS[op].result.safeParse(body);
    if (!result.success) throw new InterlockError("INTERNAL", "signer-core answered in another shape", { cause: result.error });
    return result.data as ResultOf<Op>;
  }
}

function refusal(body: JsonObject | undefined): InterlockError {
  const parsed = failureSchema.safeParse(body);
  if (!parsed.success || !isErrorCode(parsed.data.code)) return new InterlockError("INTERNAL", "signer-core failed");
  return new InterlockError(parsed.data.code, parsed.data.message, {
    details: body?.details instanceof Object ? (body.details as JsonObject) : {},
  });
}
