/** A nonce of ours that is not final yet, with its newest transaction. */
export interface OpenSlot {
  readonly nonce: bigint;
  /** True once every wish for it is over: its intent is past its deadline or was cancelled, so only the nonce has to go. */
  readonly unwanted: boolean;
  readonly currentKind: "intent" | "void" | "arm";
  /** True while a block we know holds one of its transactions. */
  readonly mined: boolean;
  /** Head when its newest transaction was made, and when its bytes were last sent (undefined: never). */
  readonly attemptedAtBlock: bigint;
  readonly sentAtBlock: bigint | undefined;
}

export interface HealingRules {
  /** Blocks at the head of the line without progress until the fees are raised. */
  readonly stuckBlocks: bigint;
  /** Blocks after which the bytes are sent again. */
  readonly resendBlocks: bigint;
  /** How many nonces at the head of the line may be replaced at once; the rest wait behind them anyway. */
  readonly window: bigint;
}

export type Healing =
  | { readonly do: "look-up"; readonly nonce: bigint }
  | { readonly do: "void"; readonly nonce: bigint }
  | { readonly do: "replace"; readonly nonce: bigint }
  | { readonly do: "resend"; readonly nonce: bigint }
  | { readonly do: "fill"; readonly nonce: bigint };

export interface NonceView {
  readonly head: bigint;
  /** The sender's transaction count at the head. */
  readonly chainNonce: bigint;
  /** The ledger's next nonce. */
  readonly next: bigint;
  readonly open: readonly OpenSlot[];
  /** Every nonce from the chain's on that has a slot, final ones included: a lagging node must not make us fill what was used. */
  readonly taken: ReadonlySet<bigint>;
}

/** What has to be done so that every leased nonce gets mined as exactly one of our own transactions. */
export function planHealing(view: NonceView, rules: HealingRules): Healing[] {
  const healing = view.open.filter((slot) => !slot.mined).flatMap((slot) => healSlot(slot, view, rules));
  for (let nonce = view.chainNonce; nonce < view.next; nonce++) if (!view.taken.has(nonce)) healing.push({ do: "fill", nonce });
  return healing.sort((a, b) => (a.nonce < b.nonce ? -1 : 1));
}

function healSlot(slot: OpenSlot, view: NonceView, rules: HealingRules): Healing[] {
  const { nonce } = slot;
  if (nonce < view.chainNonce) return [{ do: "look-up", nonce }];
  if (slot.unwanted && slot.currentKind !== "void") return [{ do: "void", nonce }];
  const first = nonce < view.chainNonce + rules.window;
  const stuck = slot.sentAtBlock !== undefined && view.head - slot.attemptedAtBlock >= rules.stuckBlocks;
  if (first && stuck) return [{ do: "replace", nonce }];
  const unsent = slot.sentAtBlock === undefined || view.head - slot.sentAtBlock >= rules.resendBlocks;
  return unsent ? [{ do: "resend", nonce }] : [];
}
