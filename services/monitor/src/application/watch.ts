import type { Logger } from "#platform/logging/logger.js";
import type { ChainWatcher } from "../adapters/chain-watcher.js";
import type { WatchRepository } from "../adapters/watch-repository.js";
import { nextSpan } from "../domain/block-span.js";
import { concerned, type EmergencyClose, type Observation, type WatchedSession } from "../domain/observation.js";

/** The permissions service as the watcher needs it. */
export interface Sessions {
  watched(): Promise<readonly WatchedSession[]>;
  /** True when the session was still alive and the chain confirmed that it is over. */
  reportRevocation(session: WatchedSession, observation: Observation): Promise<boolean>;
  sweepExpired(): Promise<number>;
}

/** Where the watcher writes down what it saw. */
export interface Journal {
  revocation(session: WatchedSession, observation: Observation): Promise<void>;
  emergency(close: EmergencyClose): Promise<void>;
}

export interface WatchOptions {
  readonly chainId: number;
  /** Every how many rounds the state of each session is asked for. */
  readonly pollEvery: number;
}

/** What the watcher knows of itself. */
export interface WatchStatus {
  readonly head: bigint;
  readonly seen: bigint;
  readonly sessions: number;
  readonly blind: boolean;
}

/** Notices what happens to sessions outside Interlock and has permissions end them. Each round is safe to repeat. */
export class Watch {
  private rounds = 0;
  private status: WatchStatus = { head: 0n, seen: 0n, sessions: 0, blind: true };

  constructor(
    private readonly chain: ChainWatcher,
    private readonly repository: WatchRepository,
    private readonly sessions: Sessions,
    private readonly journal: Journal,
    private readonly options: WatchOptions,
    private readonly logger: Logger,
  ) {}

  current(): WatchStatus {
    return this.status;
  }

  /** Called when a round could not look at the chain. */
  markBlind(): void {
    this.status = { ...this.status, blind: true };
  }

  /** One look at the chain, from where the last one ended to the head. */
  async round(): Promise<void> {
    const head = await this.chain.head();
    const watched = await this.sessions.watched();
    let seen = await this.repository.seen(this.options.chainId);
    for (let span = nextSpan(seen, head); span !== undefined; span = nextSpan(seen, head)) {
      const accounts = [...new Set(watched.map(({ account }) => account))];
      const { observations, emergencies } = await this.chain.look(span, accounts);
      for (const observation of observations) await this.tell(observation, watched);
      for (const close of emergencies) await this.journal.emergency(close);
      await this.repository.advance(this.options.chainId, span.to);
      seen = span.to;
    }
    if (this.rounds++ % this.options.pollEvery === 0) await this.poll(watched);
    await this.sessions.sweepExpired();
    this.status = { head, seen: seen ?? head, sessions: watched.length, blind: false };
  }

  private async poll(watched: readonly WatchedSession[]): Promise<void> {
    for (const session of watched) {
      const observation = await this.chain.poll(session);
      if (observation !== undefined) await this.tell(observation, watched);
    }
  }

  private async tell(observation: Observation, watched: readonly WatchedSession[]): Promise<void> {
    for (const session of concerned(observation, watched)) {
      if (!(await this.sessions.reportRevocation(session, observation))) continue;
      this.logger.warn({
        msg: "session revoked on chain",
        sessionId: session.sessionId,
        kind: observation.kind,
        detail: observation.detail,
      });
      await this.journal.revocation(session, observation);
    }
  }
}
