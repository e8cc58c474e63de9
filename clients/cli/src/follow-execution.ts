import { type Execution, executionAnswer } from "./answers.js";
import type { Api } from "./api.js";

/** States in which nothing more happens. */
const FINAL = ["DENIED", "SIM_FAILED", "CONFIRMED", "REVERTED", "CANCELLED", "EXPIRED"];
const PAUSE = 150;

/** Asks until the execution has reached `until` or a state in which nothing more happens. */
export async function followExecution(api: Api, executionId: string, until: "mined" | "final", timeoutMs: number): Promise<Execution> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const execution = executionAnswer.parse(await api.call("GET", `/v1/executions/${executionId}`));
    if (FINAL.includes(execution.state) || (until === "mined" && execution.state === "MINED")) return execution;
    if (Date.now() > deadline) throw new Error(`execution ${executionId} is still ${execution.state} after ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** True when the execution did what it was meant to. */
export function succeeded({ state }: Execution): boolean {
  return state === "MINED" || state === "CONFIRMED";
}
