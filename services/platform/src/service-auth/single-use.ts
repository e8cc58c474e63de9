/** Remembers the jti of tokens until they would be refused as expired anyway. */
export interface SingleUseStore {
  /** True the first time a jti is seen. `expiresAt` in Unix seconds. */
  consume(jti: string, expiresAt: number): Promise<boolean> | boolean;
}

const SWEEP_ABOVE = 10_000;

/** Store of one process. A service with several replicas shows every replica the same token at worst once; one that needs more keeps the jti in its database. */
export class InMemorySingleUseStore implements SingleUseStore {
  private readonly seen = new Map<string, number>();

  /** @param now Unix seconds */
  constructor(private readonly now: () => number) {}

  consume(jti: string, expiresAt: number): boolean {
    if (this.seen.size >= SWEEP_ABOVE) this.sweep();
    if (this.seen.has(jti)) return false;
    this.seen.set(jti, expiresAt);
    return true;
  }

  private sweep(): void {
    // Ten seconds beyond the end cover the clock tolerance of the verifier on both sides.
    const now = this.now() - 10;
    for (const [jti, expiresAt] of this.seen) if (expiresAt < now) this.seen.delete(jti);
  }
}
