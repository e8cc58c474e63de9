import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KekRepository } from "../adapters/postgres/kek-repository.js";
import type { RewrapRepository, RewrapState } from "../adapters/postgres/rewrap-repository.js";
import { kekDestroyed, kekRetired, kekRotated } from "../domain/kek/kek-events.js";
import { DESTROY_REQUEST_SECONDS, destroyRequestText, parseDestroyRequest } from "../signer-core/kek/destroy-request.js";
import type { RequestOf, ResultOf } from "../signer-core/protocol/operations.js";
import { appendKekEvent } from "./append-kek-event.js";

/** Rows a second when nobody says otherwise: a day's keys in minutes, and no signature waits for it. */
const DEFAULT_RATE = 500;
const MOST = 100_000;

export interface KekAdminParts {
  readonly keks: KekRepository;
  readonly rewraps: RewrapRepository;
  readonly store: EventStore;
  readonly core: CoreClient;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** Whom the kernel lets connect to the core. */
  peerCheck(): string;
}

export interface RewrapProgress extends RewrapState {
  readonly remaining: number;
}

/** What operators do with the key ring. The core judges signatures and shares; the database keeps what was decided. */
export class KekAdmin {
  /** @param changed called when the ring may have been opened or changed */
  constructor(
    private readonly parts: KekAdminParts,
    private readonly changed: () => Promise<void>,
  ) {}

  async status() {
    const { core, keks, peerCheck } = this.parts;
    const [status, health, limits, rows] = await Promise.all([
      core.call("kekStatus", {}),
      core.call("health", {}),
      keks.limits(),
      keks.rowsByVersion(),
    ]);
    return { status, process: { ...health.process, peerCheck: peerCheck() }, limits, rows, rewrap: await this.progress() };
  }

  /** @throws InterlockError SHARE_INVALID, CONFLICT for a provider that nobody has to open */
  async unseal(share: RequestOf<"unseal">): Promise<ResultOf<"unseal">> {
    const progress = await this.parts.core.call("unseal", share);
    if (!progress.sealed) await this.changed();
    return progress;
  }

  /** @throws InterlockError CONFLICT, KEK_SEALED, DEPENDENCY_UNAVAILABLE */
  async rotate(): Promise<number> {
    const { core, store, keks } = this.parts;
    const { version } = await core.call("rotateKek", {});
    const { provider } = await core.call("kekStatus", {});
    const event = kekRotated(provider, version);
    await store.withTransaction((tx) => appendKekEvent(tx, store, keks, event, (limits) => ({ ...limits, activeVersion: version })));
    return version;
  }

  async startRewrap(rowsPerSecond: number): Promise<RewrapProgress> {
    const { core, keks, rewraps } = this.parts;
    if (rowsPerSecond > MOST) throw new InterlockError("VALIDATION_FAILED", `rows_per_second: must be at most ${MOST}`);
    const target = (await core.call("kekStatus", {})).versions.find(({ state }) => state === "active")?.version;
    if (target === undefined) throw new InterlockError("KEK_SEALED", "there is no active version now");
    const before = await rewraps.state();
    const resumes = before.targetVersion === target && (before.state === "running" || before.state === "paused");
    const total = resumes ? before.total : await keks.countBelow(target);
    await rewraps.begin(target, total, rowsPerSecond === 0 ? DEFAULT_RATE : rowsPerSecond);
    return this.progress();
  }

  async pauseRewrap(): Promise<RewrapProgress> {
    await this.parts.rewraps.move("running", "paused");
    return this.progress();
  }

  async progress(): Promise<RewrapProgress> {
    const { keks, rewraps } = this.parts;
    const job = await rewraps.state();
    return { ...job, remaining: await keks.countBelow(job.targetVersion) };
  }

  /** @throws InterlockError CONFLICT while rows need an older version, or the version is not one that decrypts */
  async setMinDecryptVersion(version: number): Promise<number> {
    const { core, keks, store } = this.parts;
    const { provider, versions } = await core.call("kekStatus", {});
    if (!versions.some((one) => one.version === version)) {
      throw new InterlockError("CONFLICT", `version ${version} is not held`, { details: { field: "version", value: version } });
    }
    const rows = await keks.countBelow(version);
    if (rows > 0) {
      throw new InterlockError("CONFLICT", `${rows} keys are wrapped under older versions; rewrap first`, { details: { rows } });
    }
    const limits = await store.withTransaction((tx) =>
      appendKekEvent(tx, store, keks, kekRetired(provider, version), (before) => ({ ...before, minDecryptVersion: version })),
    );
    await core.call("limitKek", { minDecryptVersion: version, destroyed: [...limits.destroyed] });
    return version;
  }

  /** The request that two operators sign, with what it would orphan. Changes nothing. */
  async prepareDestroy(version: number) {
    const { core, keks, clock, ids } = this.parts;
    const { provider } = await core.call("kekStatus", {});
    const { count, first } = await keks.orphans(version);
    const expiresAt = unixSeconds(clock) + DESTROY_REQUEST_SECONDS;
    const request = destroyRequestText({ action: "kek.destroy", requestId: ids.next(), provider, version, orphans: count, expiresAt });
    return { request, orphans: count, orphanedKeys: [...first] };
  }

  /** @throws InterlockError OPERATOR_QUORUM, EXPIRED, VALIDATION_FAILED, CONFLICT */
  async destroy(request: string, signatures: readonly string[]): Promise<ResultOf<"destroyKek">> {
    const { core, keks, store, clock } = this.parts;
    const { version, orphans, provider } = parseDestroyRequest(request, unixSeconds(clock));
    const now = await keks.orphans(version);
    if (now.count > orphans) {
      throw new InterlockError("CONFLICT", `${now.count} keys need version ${version}, the operators signed for ${orphans}`, {
        details: { orphans: now.count, signed: orphans },
      });
    }
    const result = await core.call("destroyKek", { request, signatures: [...signatures] });
    const event = kekDestroyed(provider, version, now.count, result.operators);
    await store.withTransaction((tx) =>
      appendKekEvent(tx, store, keks, event, (limits) => ({ ...limits, destroyed: [...new Set([...limits.destroyed, version])] })),
    );
    return { ...result, orphans: now.count };
  }
}
