import type { Stack } from "../../../deploy/local/stack.js";
import { Client } from "../../support/e2e/client.js";
import { payees, payments } from "../../support/e2e/documents.js";
import { transfer } from "../../support/e2e/execution.js";
import { grant } from "../../support/e2e/grant.js";
import { newSafe, USDC } from "../../support/e2e/safe.js";
import { signIn } from "../../support/e2e/sign-in.js";

/** The whole pipeline as a client sees it: POST /v1/executions by the owners of as many sessions. */
export async function pipelineArm(stack: Stack, sessions: number): Promise<(nth: number) => Promise<void>> {
  const anybody = new Client(stack.gatewayUrl);
  const users: { readonly client: Client; readonly sessionId: string }[] = [];
  for (let count = 0; count < sessions; count++) {
    const safe = await newSafe(stack);
    const client = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    const { sessionId } = await grant(stack, client, safe, payments(stack.world, { perWindow: 1_000_000n * USDC, max: 0 }));
    users.push({ client, sessionId });
  }
  const action = transfer(stack.world.token, payees(stack.world)[0], 1n);
  return async (nth) => {
    const user = users[nth % users.length];
    if (user === undefined) throw new Error("the pipeline needs a session");
    const { status, text } = await user.client.execute(user.sessionId, action);
    if (status !== 202) throw new Error(`POST /v1/executions answered ${status}: ${text}`);
  };
}
