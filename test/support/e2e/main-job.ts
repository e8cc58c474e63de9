import { erc20Abi } from "viem";
import type { Stack } from "../../../deploy/local/stack.js";
import { newAgent } from "./agent.js";
import { Client } from "./client.js";
import { payees, payments } from "./documents.js";
import { reasonsOf, transfer, use } from "./execution.js";
import { grant } from "./grant.js";
import { newSafe, USDC } from "./safe.js";
import { signIn } from "./sign-in.js";

/** What the main job needs to know of a running Interlock. */
export type Reachable = Pick<Stack, "gatewayUrl" | "world">;

/**
 * One session's whole life through a gateway: a Safe, a login, GENERATE, ARM, a USE that moves money, one that is refused, DISARM, and the
 * refusal after it. `step` is told of each as it is done.
 * @throws Error naming what did not hold
 */
export async function runMainJob(target: Reachable, step: (text: string) => void): Promise<void> {
  const { world, gatewayUrl } = target;
  const anybody = new Client(gatewayUrl);
  const [payee] = payees(world);
  const balance = () => world.client.readContract({ address: world.token, abi: erc20Abi, functionName: "balanceOf", args: [payee] });
  const safe = await newSafe(target);
  step(`a Safe at ${safe.address}`);
  const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
  step("its owner is signed in");
  const { sessionId } = await grant(target, owner, safe, payments(world));
  step(`session ${sessionId} is generated, signed and armed`);
  const agent = await newAgent(owner, sessionId);
  const before = await balance();
  const paid = await use(agent.client, sessionId, transfer(world.token, payee, 25n * USDC));
  hold(["MINED", "CONFIRMED"].includes(paid.state), `a payment inside the limits ended ${paid.state}: ${reasonsOf(paid).join(", ")}`);
  hold((await balance()) === before + 25n * USDC, "the payee got something else than what was paid");
  step(`paid 25 inside the limits: ${paid.transactionHash}`);
  const refused = await use(agent.client, sessionId, transfer(world.token, payee, 101n * USDC));
  hold(refused.state === "DENIED", `a payment above the limit ended ${refused.state}`);
  step(`101 is refused: ${reasonsOf(refused).join(", ")}`);
  await owner.must("POST", "/v1/session_keys/revoke", { body: { sessionId, reason: "done" } });
  step("disarmed");
  const late = await use(agent.client, sessionId, transfer(world.token, payee, USDC));
  hold(late.state === "DENIED" && reasonsOf(late).includes("DISARMED"), `a payment after DISARM ended ${late.state}`);
  hold((await balance()) === before + 25n * USDC, "something moved after DISARM");
  step("nothing moves after DISARM");
}

function hold(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
