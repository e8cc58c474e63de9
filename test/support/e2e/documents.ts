import type { Address } from "viem";
import type { World } from "../../../deploy/local/world.js";
import { USDC } from "./safe.js";

/** Whom the stack's registry lets sessions pay, and whom these policies never name. */
export function payees({ recipients }: World): readonly [Address, Address] {
  const [payee, other] = recipients;
  if (payee === undefined || other === undefined) throw new Error("the local world has two recipients");
  return [payee, other];
}

/** A document that pays the first recipient: at most `perOp` at once, `perWindow` and `max` operations (0: any number) in 24 hours. */
export function payments(world: World, limits: { readonly perOp?: bigint; readonly perWindow?: bigint; readonly max?: number } = {}) {
  const { perOp = 100n * USDC, perWindow = 1_000n * USDC, max = 10 } = limits;
  const { token } = world;
  const [payee] = payees(world);
  const day = 86_400;
  return {
    version: "session-policy/v1",
    rules: [
      {
        id: "pay",
        protocol: "erc20",
        target: token,
        fn: "transfer(address to,uint256 amount)",
        valueMax: "0",
        where: { op: "eq", path: "to", value: payee },
        spends: [{ token, path: "amount", kind: "transfer" }],
      },
    ],
    budgets: [{ token, perOp: String(perOp), perWindow: String(perWindow), windowSeconds: day }],
    rate: { max, windowSeconds: day },
    follow: false,
  };
}
