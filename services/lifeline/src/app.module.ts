import { type DynamicModule, Module } from "@nestjs/common";
import type { Clock } from "#platform/kernel/clock.js";
import { RpcFleet } from "./adapters/rpc-fleet.js";
import { CLOCK, DESTINATION, EmergencyService } from "./application/emergency.service.js";
import type { Destination } from "./domain/emergency-transaction.js";
import { EmergencyController } from "./transport/emergency.controller.js";
import { RateLimitGuard } from "./transport/rate-limit.guard.js";
import { StatusController } from "./transport/status.controller.js";

export interface LifelineParts {
  readonly destination: Destination;
  readonly rpcUrls: readonly string[];
  readonly clock: Clock;
}

@Module({})
class LifelineModule {}

/** Lifeline as a whole: an emergency API, a status page, and every RPC it knows. */
export function lifelineModule({ destination, rpcUrls, clock }: LifelineParts): DynamicModule {
  return {
    module: LifelineModule,
    controllers: [EmergencyController, StatusController],
    providers: [
      EmergencyService,
      RateLimitGuard,
      { provide: DESTINATION, useValue: destination },
      { provide: CLOCK, useValue: clock },
      { provide: RpcFleet, useValue: new RpcFleet(rpcUrls) },
    ],
  };
}
