import { type DynamicModule, Module } from "@nestjs/common";
import { ExecutionReader } from "./adapters/pg/execution-reader.js";
import { Cancel } from "./application/cancel.js";
import { ListExecutions } from "./application/list-executions.js";
import { Receive } from "./application/receive.js";
import { RelayStatus } from "./application/relay-status.js";
import { SponsorArm } from "./application/sponsor-arm.js";
import type { Relay } from "./build-relay.js";
import { RelayController } from "./transport/relay.controller.js";

@Module({})
class RelayModule {}

/** The relay's RPCs around its parts. */
export function relayModule(relay: Relay): DynamicModule {
  return {
    module: RelayModule,
    controllers: [RelayController],
    providers: [
      { provide: Receive, useValue: relay.receive },
      { provide: Cancel, useValue: relay.cancel },
      { provide: ListExecutions, useValue: relay.list },
      { provide: SponsorArm, useValue: relay.sponsorArm },
      { provide: RelayStatus, useValue: relay.status },
      { provide: ExecutionReader, useValue: relay.reader },
    ],
  };
}
