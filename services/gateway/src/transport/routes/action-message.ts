import type { z } from "zod";
import type { Action } from "#proto/interlock/common/v1/common.js";
import type { action } from "../schemas/action.js";

/** The protobuf form of an action from a request. */
export function toAction(value: z.output<typeof action>): Action {
  if ("call" in value) return { call: value.call };
  if ("batch" in value) return { batch: value.batch };
  return { adapter: value.adapter };
}
