import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import type { CoreContext } from "./core-context.js";
import { admit } from "./handlers/admit.js";
import { generate } from "./handlers/generate.js";
import { health } from "./handlers/health.js";
import { destroyKek, kekStatus, limitKek, rotateKek, unseal } from "./handlers/kek.js";
import { rewrap } from "./handlers/rewrap.js";
import { seal } from "./handlers/seal.js";
import { sign } from "./handlers/sign.js";
import type { Frame } from "./protocol/frame.js";
import { callSchema, isOperation, OPERATIONS, type OperationName, type RequestOf, type ResultOf } from "./protocol/operations.js";

type Handlers = { readonly [Op in OperationName]: (request: RequestOf<Op>, context: CoreContext) => Promise<ResultOf<Op>> };
const HANDLERS: Handlers = {
  health,
  generate,
  seal,
  admit,
  sign,
  kekStatus,
  unseal,
  rotateKek,
  limitKek,
  rewrap,
  destroyKek,
};

/** Operations that open keys. */
const OPENS: ReadonlySet<OperationName> = new Set(["generate", "seal", "sign", "rewrap"]);

/** The answer to one request frame: always a result or an error frame, whatever the request was. */
export async function answer(frame: Frame, context: CoreContext, report: (error: unknown) => void): Promise<Frame> {
  try {
    return { kind: "result", id: frame.id, body: json(await run(frame.body, context)) };
  } catch (error) {
    const known = findInterlockError(error);
    if (known === undefined) report(error);
    const { code, message, details } = known ?? new InterlockError("INTERNAL", "signer-core failed");
    return { kind: "error", id: frame.id, body: json({ code, message, details }) };
  }
}

async function run(body: Buffer, context: CoreContext): Promise<object> {
  const call = callSchema.safeParse(parseJsonObject(body.toString("utf8")));
  if (!call.success) throw malformed("body", "must be JSON with op and request");
  const { op, request } = call.data;
  if (!isOperation(op)) throw malformed("op", "is no operation of signer-core");
  return dispatch(op, request, context);
}

async function dispatch<Op extends OperationName>(op: Op, request: unknown, context: CoreContext): Promise<ResultOf<Op>> {
  const parsed = OPERATIONS[op].request.safeParse(request);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(issue?.path.join(".") || "request", issue?.message ?? "is malformed");
  }
  try {
    return await HANDLERS[op](parsed.data as RequestOf<Op>, context);
  } finally {
    if (OPENS.has(op)) context.hygiene.opened();
  }
}

function malformed(field: string, rule: string): InterlockError {
  return new InterlockError("VALIDATION_FAILED", `signer-core: ${field}: ${rule}`, { details: { field, rule } });
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value), "utf8");
}
