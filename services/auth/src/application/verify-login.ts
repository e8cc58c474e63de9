import { type Address, type Hex, hashMessage, recoverMessageAddress, size } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { accountId } from "#platform/kernel/ids.js";
import { loginRefused } from "../domain/auth-events.js";
import { checkSignIn, type SignInRules } from "../domain/check-sign-in.js";
import type { LoginMode, LoginRecord } from "../domain/login-record.js";
import { nonceUsed } from "../domain/nonce-used.js";
import { parseSignIn, type SignIn } from "../domain/siwe-message.js";
import type { CollectSafeLogin } from "./collect-safe-login.js";
import type { LoginCredentials, OpenLogin, ProvenWallet } from "./open-login.js";
import type { ChainReader } from "./ports/chain-reader.js";
import type { NonceStore } from "./ports/nonce-store.js";
import type { Recorder } from "./recorder.js";

export interface LoginRequest {
  readonly message: string;
  readonly signature: Hex;
  /** For an m-of-n Safe: the owner whose one signature this is. */
  readonly owner?: Address;
  readonly mode: LoginMode;
}

export type LoginResult =
  | { readonly status: "collecting"; readonly collected: number; readonly needed: number }
  | {
      readonly status: "complete";
      readonly collected: number;
      readonly needed: number;
      readonly login: LoginRecord;
      readonly credentials: LoginCredentials;
    };

/** Verifies a sign-in of an EOA, of a contract account (ERC-1271, ERC-6492), or of a Safe whose owners sign one by one. */
export class VerifyLogin {
  constructor(
    private readonly rules: SignInRules,
    private readonly nonces: NonceStore,
    private readonly chain: ChainReader,
    private readonly logins: OpenLogin,
    private readonly safes: CollectSafeLogin,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  /** @throws InterlockError VALIDATION_FAILED, SIWE_INVALID, NONCE_USED, DEPENDENCY_UNAVAILABLE when the chain is needed and away */
  async run(request: LoginRequest): Promise<LoginResult> {
    const message = parseSignIn(request.message);
    checkSignIn(message, this.rules, this.clock.now());
    if (request.owner !== undefined) return this.safes.run(message, { owner: request.owner, signature: request.signature }, request.mode);
    // The nonce survives a chain that is away: it is consumed only with the verdict. An unknown one costs the chain nothing.
    if (!(await this.nonces.isOpen(message.nonce, this.clock.now()))) throw nonceUsed();
    const wallet = await this.prove(message, request);
    if (wallet === undefined) return this.refuse(message);
    return this.recorder.transaction(async (tx) => {
      if (!(await this.nonces.consume(tx, message.nonce, this.clock.now()))) throw nonceUsed();
      const opened = await this.logins.open(tx, wallet);
      return { status: "complete", collected: 1, needed: 1, ...opened };
    });
  }

  private async prove(message: SignIn, { signature, mode }: LoginRequest): Promise<ProvenWallet | undefined> {
    const wallet = { mode, chainId: message.chainId, address: message.address, nonce: message.nonce };
    if (await signedBy(message, signature)) return { ...wallet, method: "siwe-eoa" };
    const messageHash = hashMessage(message.text);
    if (!(await this.chain.acceptsSignature(message.address, messageHash, signature))) return undefined;
    return { ...wallet, method: "siwe-erc1271", proof: { messageHash, signature, verifiedAt: this.clock.now() } };
  }

  /** Burns the nonce and leaves a trace, so that guessing costs a nonce a try. */
  private async refuse(message: SignIn): Promise<never> {
    await this.recorder.transaction(async (tx) => {
      if (!(await this.nonces.consume(tx, message.nonce, this.clock.now()))) throw nonceUsed();
      const account = accountId(message.chainId, message.address);
      await this.recorder.record(tx, account, loginRefused(account, "siwe-invalid"), { type: "user", id: message.address.toLowerCase() });
    });
    throw new InterlockError("SIWE_INVALID", "the signature is not one of the message's address", {
      details: { field: "signature", rule: "made by the address of the message", value: message.address },
    });
  }
}

/** Whether the address itself, as an EOA, signed: answered without the chain. */
async function signedBy(message: SignIn, signature: Hex): Promise<boolean> {
  if (size(signature) !== 65) return false;
  try {
    return (await recoverMessageAddress({ message: message.text, signature })) === message.address;
  } catch {
    return false;
  }
}
