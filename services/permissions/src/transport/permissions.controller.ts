import { Controller } from "@nestjs/common";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { NeedsActor } from "#platform/service-auth/needs-actor.decorator.js";
import {
  type AddGrantSignatureRequest,
  type AuthorizeRequest,
  type AuthorizeResponse,
  type ConfirmGrantRequest,
  type ConfirmRevokeRequest,
  type DraftGrantRequest,
  type GetSessionRequest,
  type GetUsageRequest,
  type GetUsageResponse,
  type GrantDraft,
  type ListSessionsRequest,
  type ListSessionsResponse,
  type ListWatchedRequest,
  type ListWatchedResponse,
  type PermissionsServiceController,
  PermissionsServiceControllerMethods,
  type ReportRevocationRequest,
  type ReportRevocationResponse,
  type RevokeRequest,
  type RevokeResponse,
  type Session,
  type SettleManyRequest,
  type SettleManyResponse,
  type SettleRequest,
  type SettleResponse,
  type SweepExpiredRequest,
  type SweepExpiredResponse,
  type ValidateRequest,
  type ValidateResponse,
} from "#proto/interlock/permissions/v1/permissions.js";
import { UseCases } from "../application/use-cases.js";

/** The RPCs of permissions, each with its guard; what they do stands in `application/`. */
@Controller()
@PermissionsServiceControllerMethods()
export class PermissionsController implements PermissionsServiceController {
  constructor(private readonly useCases: UseCases) {}

  @Callers("gateway")
  @NeedsActor("owner")
  draftGrant(request: DraftGrantRequest): Promise<GrantDraft> {
    return this.useCases.draftGrant(request);
  }

  @Callers("gateway")
  @NeedsActor("owner")
  @Serves("arm")
  addGrantSignature(request: AddGrantSignatureRequest): Promise<GrantDraft> {
    return this.useCases.addGrantSignature.execute(request);
  }

  @Callers("gateway")
  @NeedsActor("owner")
  confirmGrant(request: ConfirmGrantRequest): Promise<Session> {
    return this.useCases.confirmGrant.execute(request);
  }

  @Callers("gateway")
  @NeedsActor("owner", "agent")
  @Serves("disarm")
  revoke(request: RevokeRequest): Promise<RevokeResponse> {
    return this.useCases.revoke.execute(request);
  }

  @Callers("gateway")
  @NeedsActor("owner")
  @Serves("disarm")
  confirmRevoke(request: ConfirmRevokeRequest): Promise<Session> {
    return this.useCases.confirmRevoke.execute(request);
  }

  @Callers("gateway", "relay", "monitor")
  getSession(request: GetSessionRequest): Promise<Session> {
    return this.useCases.queries.get(request.sessionId);
  }

  @Callers("gateway")
  @NeedsActor("owner", "agent")
  @Serves("list")
  listSessions(request: ListSessionsRequest): Promise<ListSessionsResponse> {
    return this.useCases.queries.list(request);
  }

  @Callers("gateway")
  @NeedsActor("owner", "agent")
  @Serves("list")
  getUsage(request: GetUsageRequest): Promise<GetUsageResponse> {
    return this.useCases.queries.usage(request.sessionId);
  }

  @Callers("gateway")
  @NeedsActor("owner", "agent")
  @Serves("list")
  validate(request: ValidateRequest): Promise<ValidateResponse> {
    return this.useCases.validate.execute(request);
  }

  @Callers("relay")
  authorize(request: AuthorizeRequest): Promise<AuthorizeResponse> {
    return this.useCases.authorize.execute(request);
  }

  @Callers("relay")
  settle(request: SettleRequest): Promise<SettleResponse> {
    return this.useCases.settle.execute(request);
  }

  @Callers("relay")
  settleMany(request: SettleManyRequest): Promise<SettleManyResponse> {
    return this.useCases.settleMany.execute(request);
  }

  @Callers("monitor", "relay")
  reportRevocation(request: ReportRevocationRequest): Promise<ReportRevocationResponse> {
    return this.useCases.reportRevocation.execute(request);
  }

  @Callers("monitor")
  sweepExpired(request: SweepExpiredRequest): Promise<SweepExpiredResponse> {
    return this.useCases.sweepExpired.execute(request);
  }

  @Callers("monitor")
  listWatched(request: ListWatchedRequest): Promise<ListWatchedResponse> {
    return this.useCases.queries.watched(request);
  }
}
