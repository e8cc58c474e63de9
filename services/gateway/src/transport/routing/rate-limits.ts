import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { type BucketSize, TokenBuckets } from "#platform/rate-limit/token-buckets.js";
import { clientNetwork } from "../../domain/client-network.js";

export interface RateLimitOptions {
  readonly ip: BucketSize;
  readonly credential: BucketSize;
  readonly account: BucketSize;
  /** Most buckets of one kind. */
  readonly entries: number;
}

/** Limits per IP, credential and account: one caller's refused requests must not fill the outbox for the others. */
export class RateLimits {
  private readonly buckets: Readonly<Record<"ip" | "credential" | "account", TokenBuckets>>;

  constructor(
    options: RateLimitOptions,
    private readonly clock: Clock,
  ) {
    this.buckets = {
      ip: new TokenBuckets(options.ip, options.entries),
      credential: new TokenBuckets(options.credential, options.entries),
      account: new TokenBuckets(options.account, options.entries),
    };
  }

  /** @throws InterlockError RATE_LIMITED */
  takeIp(ip: string): void {
    this.take("ip", clientNetwork(ip));
  }

  /** @throws InterlockError RATE_LIMITED */
  takeCredential(subject: string): void {
    this.take("credential", subject);
  }

  /** @throws InterlockError RATE_LIMITED */
  takeAccount(account: string): void {
    this.take("account", account);
  }

  private take(kind: keyof RateLimits["buckets"] & string, key: string): void {
    const wait = this.buckets[kind].take(key, this.clock.now().getTime());
    if (wait === 0) return;
    throw new InterlockError("RATE_LIMITED", `too many requests of this ${kind}`, {
      details: { limit: kind, retryAfterSeconds: Math.ceil(wait) },
    });
  }
}
