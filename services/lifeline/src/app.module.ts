import { type DynamicModule, Module } from "@nestjs/common";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { BucketSize } from "#platform/rate-limit/token-buckets.js";
import { RpcFleet } from "./adapters/rpc-fleet.js";
import { CLOCK, DESTINATION, EmergencyService, HELD } from "./application/emergency.service.js";
import { SelfTest } from "./application/self-test.js";
import { SponsorService } from "./application/sponsor.service.js";
import type { Destination } from "./domain/emergency-transaction.js";
import { EmergencyController } from "./transport/emergency.controller.js";
import { PageController } from "./transport/page.controller.js";
import { RATE_LIMIT, RateLimitGuard } from "./transport/rate-limit.guard.js";
import { StatusController } from "./transport/status.controller.js";

export interface LifelineParts {
  readonly destination: Destination;
  readonly chain: RpcFleet;
  readonly clock: Clock;
  readonly rateLimit: BucketSize;
  readonly capabilities: Pick<CapabilityRegistry, "held">;
  readonly emergency: EmergencyService;
  readonly sponsoring: SponsorService;
  readonly selfTest: SelfTest;
}

@Module({})
class LifelineModule {}

/** Lifeline as a whole: an emergency API, a page, and every RPC it knows. */
export function lifelineModule({
  destination,
  chain,
  clock,
  rateLimit,
  capabilities,
  emergency,
  sponsoring,
  selfTest,
}: LifelineParts): DynamicModule {
  return {
    module: LifelineModule,
    controllers: [EmergencyController, StatusController, PageController],
    providers: [
      RateLimitGuard,
      { provide: DESTINATION, useValue: destination },
      { provide: RATE_LIMIT, useValue: rateLimit },
      { provide: CLOCK, useValue: clock },
      { provide: HELD, useValue: capabilities },
      { provide: RpcFleet, useValue: chain },
      { provide: EmergencyService, useValue: emergency },
      { provide: SponsorService, useValue: sponsoring },
      { provide: SelfTest, useValue: selfTest },
    ],
  };
}
