import { type DynamicModule, Module } from "@nestjs/common";
import { PositionReader } from "./adapters/position-reader.js";
import { WatchRepository } from "./adapters/watch-repository.js";
import { Watch } from "./application/watch.js";
import { CHAIN_ID, MonitorController } from "./transport/monitor.controller.js";

export interface MonitorParts {
  readonly watch: Watch;
  readonly repository: WatchRepository;
  readonly positions: PositionReader;
  readonly chainId: number;
}

@Module({})
class MonitorModule {}

/** Monitor as a whole, around its parts. */
export function monitorModule({ watch, repository, positions, chainId }: MonitorParts): DynamicModule {
  return {
    module: MonitorModule,
    controllers: [MonitorController],
    providers: [
      { provide: Watch, useValue: watch },
      { provide: WatchRepository, useValue: repository },
      { provide: PositionReader, useValue: positions },
      { provide: CHAIN_ID, useValue: chainId },
    ],
  };
}
