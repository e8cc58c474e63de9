/** Tokens left for one caller, and when they were counted. */
interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Token buckets, one per caller, in bounded memory: the caller seen longest ago is forgotten first.
 * @param capacity requests that may come at once
 * @param perSecond requests per second afterwards
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
    private readonly most = 10_000,
  ) {}

  /** Takes one token. Returns 0 when there was one, else the seconds to wait. `now` is in milliseconds. */
  take(caller: string, now: number): number {
    const bucket = this.buckets.get(caller) ?? { tokens: this.capacity, at: now };
    const tokens = Math.min(this.capacity, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    this.buckets.delete(caller);
    this.buckets.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    this.forgetOldest();
    return tokens >= 1 ? 0 : (1 - tokens) / this.perSecond;
  }

  private forgetOldest(): void {
    if (this.buckets.size <= this.most) return;
    const oldest = this.buckets.keys().next();
    if (!oldest.done) this.buckets.delete(oldest.value);
  }
}
