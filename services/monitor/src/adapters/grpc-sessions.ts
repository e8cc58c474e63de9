import { getAddress, type Hex } from "viem";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { PermissionsServiceClient, Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { Sessions } from "../application/watch.js";
import type { Observation, WatchedSession } from "../domain/observation.js";

const PAGE = 200;
const AS_OURSELVES = { act: null } as const;

const toWatched = (session: Session): WatchedSession => ({
  sessionId: session.sessionId,
  account: getAddress(session.account),
  chainId: session.chainId,
  policyId: session.policyId as Hex,
  epoch: Number(session.policy?.epoch ?? 0),
  module: getAddress(session.module),
});

/** The permissions service over gRPC. */
export class GrpcSessions implements Sessions {
  constructor(
    private readonly permissions: GrpcClient<PermissionsServiceClient>,
    private readonly chainId: number,
  ) {}

  async watched(): Promise<readonly WatchedSession[]> {
    const sessions: WatchedSession[] = [];
    let cursor = "";
    do {
      const page = await this.permissions.listWatched({ chainId: String(this.chainId), page: { cursor, limit: PAGE } }, AS_OURSELVES);
      sessions.push(...page.sessions.map(toWatched));
      cursor = page.nextCursor;
    } while (cursor !== "");
    return sessions;
  }

  async reportRevocation(session: WatchedSession, observation: Observation): Promise<boolean> {
    const answer = await this.permissions.reportRevocation(
      {
        sessionId: session.sessionId,
        account: session.account,
        chainId: session.chainId,
        kind: observation.kind,
        transactionHash: observation.at?.transactionHash ?? "",
        blockNumber: observation.at?.blockNumber.toString() ?? "",
        logIndex: observation.at?.logIndex.toString() ?? "",
        detail: observation.detail,
      },
      AS_OURSELVES,
    );
    return answer.ended;
  }

  async sweepExpired(): Promise<number> {
    return (await this.permissions.sweepExpired({ limit: PAGE }, AS_OURSELVES)).expired;
  }
}
