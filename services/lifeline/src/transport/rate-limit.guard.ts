import { type CanActivate, type ExecutionContext, Inject, Injectable } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { TokenBuckets } from "#platform/rate-limit/token-buckets.js";
import { CLOCK } from "../application/emergency.service.js";

/** Ten requests at once per caller, one a second afterwards: enough for a person in trouble, too few for a flood. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly buckets = new TokenBuckets({ perSecond: 1, burst: 10 }, 10_000);

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  canActivate(context: ExecutionContext): boolean {
    const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const wait = this.buckets.take(ip, this.clock.now().getTime());
    if (wait === 0) return true;
    throw new InterlockError("RATE_LIMITED", "too many requests to the emergency path from this address", {
      details: { retryAfterSeconds: Math.ceil(wait) },
    });
  }
}
