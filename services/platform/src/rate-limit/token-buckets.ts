/** Requests a key may make: `perSecond` in the long run, `burst` at once. */
export interface BucketSize {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds of the last refill. */
  at: number;
}

/**
 * Token buckets by key, at most `entries` of them: the least recently used one makes room. A key that comes back after that
 * starts full, which favours the client; memory stays bounded whatever an attacker sends.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly size: BucketSize,
    private readonly entries: number,
  ) {}

  /** Takes a token at `now` (milliseconds). @returns 0, or the seconds until there is one */
  take(key: string, now: number): number {
    const { perSecond, burst } = this.size;
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    const gained = (Math.max(0, now - bucket.at) / 1000) * perSecond;
    const tokens = Math.min(burst, bucket.tokens + gained);
    const granted = tokens >= 1;
    this.keep(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted ? 0 : (1 - tokens) / perSecond;
  }

  private keep(key: string, bucket: Bucket): void {
    // Deleting first moves the key to the end: a Map iterates in order of insertion.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size <= this.entries) return;
    const oldest = this.buckets.keys().next();
    if (!oldest.done) this.buckets.delete(oldest.value);
  }
}
