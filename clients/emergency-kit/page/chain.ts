import type { Action, EmergencyCall } from "./calls.js";

/** No node or no lifeline answered: nothing is known, and nothing was refused. */
export class Unreachable extends Error {}
/** The chain, or lifeline, says that this would not work. */
export class Refused extends Error {}

/** Typed data for a wallet (EIP-712), and what has to be handed in with the signature. */
export interface SignRequest {
  readonly typedData: { readonly message: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  readonly deadline: number;
  readonly epoch?: number;
}

export interface Standing {
  readonly state: "unknown" | "pending" | "mined" | "failed";
  readonly blockNumber?: string;
}

/** Somebody who can be asked about the chain: lifeline on its own page, nodes of the user's choice in the offline kit. */
export interface Chain {
  /** @throws Refused with why, Unreachable */
  check(call: EmergencyCall, account: string, owner: string): Promise<void>;
  /** Hands in a signed transaction. @throws Refused, Unreachable */
  sendRaw(raw: string): Promise<string>;
  standing(hash: string): Promise<Standing>;
  /** True when somebody answers, and whether a signature alone is enough. */
  reach(): Promise<{ readonly up: boolean; readonly sponsors: boolean; readonly words: string }>;
  /** What the owner signs so that somebody else may pay; absent where nobody does. */
  prepareSponsored?(action: Action, account: string, owner: string): Promise<SignRequest>;
  /** Hands the signature in: the hash when it was paid for, else what anybody may send. */
  sponsor?(
    action: Action,
    account: string,
    request: SignRequest,
    signature: string,
  ): Promise<{ readonly hash?: string; readonly data: string }>;
}
