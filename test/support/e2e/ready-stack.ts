import { type Stack, type StackOptions, startStack } from "../../../deploy/local/stack.js";
import { untilAllWell } from "./service-status.js";

/** A stack whose services have found each other; listening alone does not say so. */
export async function readyStack(options: StackOptions = {}): Promise<Stack> {
  const stack = await startStack(options);
  try {
    await untilAllWell(stack);
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
