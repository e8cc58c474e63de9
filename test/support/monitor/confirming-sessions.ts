import { safeAbi } from "../../../contracts/deploy/safe-abi.js";
import { sessionModuleAbi } from "../../../contracts/generated/session-module.js";
import type { World } from "../../../deploy/local/world.js";
import type { Sessions } from "../../../services/monitor/src/application/watch.js";
import type { Observation, WatchedSession } from "../../../services/monitor/src/domain/observation.js";

/** What permissions does of a report, and no more: it believes the chain, not the caller, and a session ends once. */
export class ConfirmingSessions implements Sessions {
  readonly reports: { readonly sessionId: string; readonly kind: Observation["kind"]; readonly ended: boolean }[] = [];
  readonly #alive: WatchedSession[] = [];

  constructor(private readonly world: World) {}

  add(...sessions: readonly WatchedSession[]): void {
    this.#alive.push(...sessions);
  }

  async watched(): Promise<readonly WatchedSession[]> {
    return [...this.#alive];
  }

  async reportRevocation(session: WatchedSession, { kind }: Observation): Promise<boolean> {
    const ended = await this.#isOver(session);
    this.reports.push({ sessionId: session.sessionId, kind, ended });
    if (ended) this.#alive.splice(0, this.#alive.length, ...this.#alive.filter(({ sessionId }) => sessionId !== session.sessionId));
    return ended;
  }

  async sweepExpired(): Promise<number> {
    return 0;
  }

  /** Kinds of the reports about a session that ended it. */
  endings(session: WatchedSession): readonly Observation["kind"][] {
    return this.reports.filter(({ sessionId, ended }) => ended && sessionId === session.sessionId).map(({ kind }) => kind);
  }

  async #isOver({ account, policyId, module, epoch }: WatchedSession): Promise<boolean> {
    const { client } = this.world;
    const [status, enabled] = await Promise.all([
      client.readContract({ address: module, abi: sessionModuleAbi, functionName: "status", args: [account, policyId] }),
      client.readContract({ address: account, abi: safeAbi, functionName: "isModuleEnabled", args: [module] }),
    ]);
    const [armed, revoked, current] = status;
    return revoked || !armed || !enabled || current !== epoch;
  }
}
