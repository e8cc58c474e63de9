import { type CanActivate, type ExecutionContext, Inject, Injectable } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { type BucketSize, TokenBuckets } from "#platform/rate-limit/token-buckets.js";
import { CLOCK } from "../application/emergency.service.js";

export const RATE_LIMIT = Symbol("RateLimit");

/** So many requests per caller: enough for a person in trouble, too few for a flood. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly buckets: TokenBuckets;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RATE_LIMIT) size: BucketSize,
  ) {
    this.buckets = new TokenBuckets(size, 10_000);
  }

  canActivate(context: ExecutionContext): boolean {
    const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const wait = this.buckets.take(ip, this.clock.now().getTime());
    if (wait === 0) return true;
    throw new InterlockError("RATE_LIMITED", "too many requests to the emergency path from this address", {
      details: { retryAfterSeconds: Math.ceil(wait) },
    });
  }
}
