import { type Hex, hashMessage } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { type OwnerSignature, packSignatures, recoverOwner } from "#platform/safe/owner-signatures.js";
import { safeMessageHash } from "#platform/safe/safe-message.js";
import type { LoginMode } from "../domain/login-record.js";
import { nonceUsed } from "../domain/nonce-used.js";
import { type Collection, collect, requireOwner, type SafeOwners } from "../domain/owner-signatures.js";
import type { SignIn } from "../domain/siwe-message.js";
import type { OpenLogin } from "./open-login.js";
import type { ChainReader } from "./ports/chain-reader.js";
import type { CollectionStore } from "./ports/collection-store.js";
import type { NonceStore } from "./ports/nonce-store.js";
import type { Recorder } from "./recorder.js";
import type { LoginResult } from "./verify-login.js";

/**
 * Sign-in of a Safe by its owners, one signature at a time. The first signature consumes the nonce and opens a collection under the hash
 * of the message; the one that reaches the threshold has the Safe itself judge them all (ERC-1271) and gets the login.
 */
export class CollectSafeLogin {
  constructor(
    private readonly chain: ChainReader,
    private readonly nonces: NonceStore,
    private readonly collections: CollectionStore,
    private readonly logins: OpenLogin,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  /** @throws InterlockError SIWE_INVALID, NONCE_USED, DEPENDENCY_UNAVAILABLE */
  async run(message: SignIn, entry: OwnerSignature, mode: LoginMode): Promise<LoginResult> {
    const messageHash = hashMessage(message.text);
    await checkOwnSignature(message, messageHash, entry);
    const safe = await this.chain.safeOwners(message.address);
    if (safe === undefined) throw refused("address", "a Safe", message.address);
    requireOwner(entry.owner, safe);
    const collection = await this.add(message, messageHash, entry, safe);
    if (collection.status === "collecting") return collection;
    return this.finish(message, messageHash, collection, mode);
  }

  private add(message: SignIn, messageHash: Hex, entry: OwnerSignature, safe: SafeOwners): Promise<Collection> {
    return this.recorder.transaction(async (tx) => {
      const now = this.clock.now();
      if (!(await this.collections.isOpen(tx, messageHash, now))) {
        if (!(await this.nonces.consume(tx, message.nonce, now))) throw nonceUsed();
        await this.collections.open(tx, messageHash, message.expiresAt ?? now);
      }
      await this.collections.addSignature(tx, messageHash, entry);
      return collect(await this.collections.signatures(tx, messageHash), safe);
    });
  }

  private async finish(
    message: SignIn,
    messageHash: Hex,
    collection: Extract<Collection, { status: "enough" }>,
    mode: LoginMode,
  ): Promise<LoginResult> {
    const signature = packSignatures(collection.signatures);
    if (!(await this.chain.acceptsSignature(message.address, messageHash, signature))) {
      throw refused("signature", "accepted by the account (ERC-1271)", message.address);
    }
    const { collected, needed } = collection;
    return this.recorder.transaction(async (tx) => {
      if (!(await this.collections.complete(tx, messageHash, this.clock.now()))) throw nonceUsed();
      const proof = { messageHash, signature, verifiedAt: this.clock.now() };
      const { chainId, address, nonce } = message;
      const wallet = { mode, chainId, address, nonce, method: "siwe-safe" as const, proof };
      return { status: "complete" as const, collected, needed, ...(await this.logins.open(tx, wallet)) };
    });
  }
}

async function checkOwnSignature(message: SignIn, digest: Hex, { owner, signature }: OwnerSignature): Promise<void> {
  const hash = safeMessageHash({ safe: message.address, chainId: BigInt(message.chainId), digest });
  const signer = await recoverOwner(hash, signature).catch((cause: unknown) => {
    throw refused("signature", "65 bytes of an owner over the Safe's message hash", owner, cause);
  });
  if (signer.toLowerCase() !== owner.toLowerCase()) throw refused("signature", "made by the owner named", owner);
}

function refused(field: string, rule: string, value: string, cause?: unknown): InterlockError {
  return new InterlockError("SIWE_INVALID", `${field}: must be ${rule}`, { details: { field, rule, value }, cause });
}
