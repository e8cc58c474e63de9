import { Controller, Inject } from "@nestjs/common";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { requireActor } from "#platform/grpc/request-context.js";
import { accountId, splitAccountId } from "#platform/kernel/ids.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { NeedsActor } from "#platform/service-auth/needs-actor.decorator.js";
import {
  type GetPositionsRequest,
  type GetPositionsResponse,
  type GetWatchStatusResponse,
  type MonitorServiceController,
  MonitorServiceControllerMethods,
} from "#proto/interlock/monitor/v1/monitor.js";
import { PositionReader } from "../adapters/position-reader.js";
import { WatchRepository } from "../adapters/watch-repository.js";
import { Watch } from "../application/watch.js";

export const CHAIN_ID = Symbol("ChainId");

/** What the watcher knows, over gRPC. */
@Controller()
@Callers("gateway")
@MonitorServiceControllerMethods()
export class MonitorController implements MonitorServiceController {
  constructor(
    @Inject(Watch) private readonly watch: Watch,
    @Inject(WatchRepository) private readonly repository: WatchRepository,
    @Inject(PositionReader) private readonly positions: PositionReader,
    @Inject(CHAIN_ID) private readonly chainId: number,
  ) {}

  async getWatchStatus(): Promise<GetWatchStatusResponse> {
    const { head, seen, sessions, blind } = this.watch.current();
    return {
      chainId: String(this.chainId),
      watchedBlock: seen.toString(),
      headBlock: head.toString(),
      watchedSessions: sessions,
      revocationsSeen: await this.repository.told(),
      blind,
    };
  }

  @NeedsActor("owner", "agent", "operator")
  @Serves("monitoring")
  async getPositions(request: GetPositionsRequest): Promise<GetPositionsResponse> {
    const account = accountId(BigInt(request.chainId || "0"), request.account);
    if (!requireActor().accounts.includes(account)) throw new InterlockError("NOT_FOUND", "there is no such account, or it is not yours");
    const found = await this.positions.of(splitAccountId(account).address);
    return {
      positions: found.map(({ vault, shares, assets }) => ({ vault, shares: shares.toString(), assets: assets.toString() })),
    };
  }
}
