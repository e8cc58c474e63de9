import type { Clock } from "#platform/kernel/clock.js";
import type { Random } from "#platform/kernel/random.js";
import { LOGIN_LIMITS } from "../domain/login-limits.js";
import { newNonce } from "../domain/opaque-secret.js";
import type { NonceStore } from "./ports/nonce-store.js";

/** Makes sign-in nonces: 5 minutes, one use. */
export class CreateNonce {
  constructor(
    private readonly nonces: NonceStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async run(): Promise<{ readonly nonce: string; readonly expiresAt: Date }> {
    const nonce = newNonce(this.random);
    const expiresAt = new Date(this.clock.now().getTime() + LOGIN_LIMITS.nonceTtl);
    await this.nonces.add(nonce, expiresAt);
    return { nonce, expiresAt };
  }
}
