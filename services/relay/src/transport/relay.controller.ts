import { Controller } from "@nestjs/common";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { requireActor } from "#platform/grpc/request-context.js";
import { parseExecutionId } from "#platform/kernel/ids.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { NeedsActor } from "#platform/service-auth/needs-actor.decorator.js";
import {
  type CancelExecutionRequest,
  type ExecuteRequest,
  type Execution,
  type GetExecutionRequest,
  type GetRelayStatusResponse,
  type ListExecutionsRequest,
  type ListExecutionsResponse,
  type RelayServiceController,
  RelayServiceControllerMethods,
  type SponsorArmRequest,
  type SponsorArmResponse,
} from "#proto/interlock/relay/v1/relay.js";
import { ExecutionReader } from "../adapters/pg/execution-reader.js";
import { Cancel } from "../application/cancel.js";
import { ListExecutions } from "../application/list-executions.js";
import { scopeOf } from "../application/principal.js";
import { Receive } from "../application/receive.js";
import { RelayStatus } from "../application/relay-status.js";
import { SponsorArm } from "../application/sponsor-arm.js";
import { answer } from "./answer.js";
import { executionMessage } from "./execution-message.js";

/** RPCs of the relay; each acts for the principal in the caller's token and sees only what is that principal's. */
@Controller()
@Callers("gateway")
@RelayServiceControllerMethods()
export class RelayController implements RelayServiceController {
  constructor(
    private readonly receiving: Receive,
    private readonly cancelling: Cancel,
    private readonly sponsoring: SponsorArm,
    private readonly reader: ExecutionReader,
    private readonly listing: ListExecutions,
    private readonly status: RelayStatus,
  ) {}

  @NeedsActor("owner", "agent")
  execute(request: ExecuteRequest): Promise<Execution> {
    return answer(async () => {
      const received = await this.receiving.receive(requireActor(), request);
      return executionMessage(received, received.replayed);
    });
  }

  @NeedsActor("owner", "agent")
  getExecution({ executionId }: GetExecutionRequest): Promise<Execution> {
    return answer(async () => {
      const found = await this.reader.find(scopeOf(requireActor()), parseExecutionId(executionId));
      if (found === undefined) throw new InterlockError("NOT_FOUND", "There is no such execution", { details: { executionId } });
      return executionMessage(found);
    });
  }

  @NeedsActor("owner", "agent")
  @Serves("list")
  listExecutions({ sessionId, page }: ListExecutionsRequest): Promise<ListExecutionsResponse> {
    const query = { sessionId, cursor: page?.cursor ?? "", limit: page?.limit ?? 0 };
    return answer(async () => {
      const { executions, nextCursor } = await this.listing.page(requireActor(), query);
      return { executions: executions.map((one) => executionMessage(one)), nextCursor };
    });
  }

  @NeedsActor("owner", "agent")
  cancelExecution({ executionId }: CancelExecutionRequest): Promise<Execution> {
    return answer(async () => executionMessage(await this.cancelling.cancel(requireActor(), parseExecutionId(executionId))));
  }

  @NeedsActor("owner")
  sponsorArm(request: SponsorArmRequest): Promise<SponsorArmResponse> {
    return answer(async () => ({ transactionHash: await this.sponsoring.sponsor(requireActor(), request) }));
  }

  getRelayStatus(): Promise<GetRelayStatusResponse> {
    return answer(() => this.status.read());
  }
}
