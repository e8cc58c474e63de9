import { z } from "zod";
import { CONDITIONS, type Condition } from "../health/condition.js";
import { conditionsOfLevel, LEVELS } from "./ladder.js";

const floorSchema = z.strictObject({
  level: z.enum(["auto", ...LEVELS]).default("auto"),
  conditions: z.array(z.enum(CONDITIONS)).default([]),
});

/** The conditions an operator's floor stands for, or what is wrong with its text. */
export type Floor = { readonly conditions: ReadonlySet<Condition> } | { readonly wrong: string };

/** Reads `{"level":"auto"|"L0".."L6","conditions":[...]}`. It can only name conditions to hold, so it can only take away. */
export function parseFloor(text: string): Floor {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: "is no JSON" };
  }
  const parsed = floorSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { wrong: `${issue?.path.join(".") || "floor"}: ${issue?.message ?? "is malformed"}` };
  }
  const { level, conditions } = parsed.data;
  return { conditions: new Set([...(level === "auto" ? [] : conditionsOfLevel(level)), ...conditions]) };
}
