import { z } from "zod";
import { measure } from "./measure.js";

/** Makes CRITICAL_CALLS calls, CRITICAL_RATE a second, CRITICAL_REQUESTS (JSON) in turn, some first to get warm, and prints what came of them. */
const requests = z
  .array(z.object({ method: z.enum(["GET", "POST"]), url: z.string(), body: z.unknown().optional() }))
  .parse(JSON.parse(process.env.CRITICAL_REQUESTS ?? "[]"));
const rate = Number(process.env.CRITICAL_RATE ?? 0);

await measure(requests, Number(process.env.CRITICAL_WARM ?? 0), rate);
console.log(JSON.stringify(await measure(requests, Number(process.env.CRITICAL_CALLS ?? 0), rate)));
