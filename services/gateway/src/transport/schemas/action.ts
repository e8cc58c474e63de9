import { z } from "zod";
import { address, decimal, hexBytes } from "./fields.js";

/** Most bytes of calldata in one call. */
const CALLDATA = 16_384;

const call = z.strictObject({ to: address, value: decimal.default("0"), data: hexBytes(CALLDATA).default("0x") }).meta({ id: "Call" });

/** What a session is asked to do: one call, at most four calls together, or one typed call of an adapter. */
export const action = z
  .union([
    z.strictObject({ call }),
    z.strictObject({ batch: z.strictObject({ calls: z.array(call).min(1).max(4) }) }),
    z.strictObject({ adapter: z.strictObject({ adapter: address, args: hexBytes(CALLDATA) }) }),
  ])
  .meta({ id: "Action" });
