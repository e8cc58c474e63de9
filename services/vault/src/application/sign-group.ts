import type pg from "pg";
import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import { traced } from "#platform/event-store/traced.js";
import type { AppendMetadata } from "#platform/event-store/types.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { floorLimits } from "#platform/session-policy/floor-operation.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import type { LedgerRepository } from "../adapters/postgres/ledger-repository.js";
import { keySigned } from "../domain/key/key-events.js";
import { checkMaySign, type SessionKey } from "../domain/key/session-key.js";
import { type GroupJudgement, type Judgement, judgeGroup } from "../domain/ledger/judge-group.js";
import { parseSealedFloor } from "../domain/sealing/sealed-floor.js";
import type { ResultOf } from "../signer-core/protocol/operations.js";
import { keyMetadata, keyStream } from "./key-stream.js";
import { requireKey } from "./require-key.js";

/** A request that signer-core has let pass, with the trace it came in. */
export interface AdmittedSign {
  readonly admission: ResultOf<"admit">;
  readonly metadata: AppendMetadata;
}

/** A signature, or why there is none; `replayed` when it was made before. */
export type Signed = { readonly signature: Hex; readonly replayed: boolean } | { readonly refused: unknown };

export interface SignGroupParts {
  readonly keys: KeyRepository;
  readonly ledger: LedgerRepository;
  readonly store: EventStore;
  readonly core: CoreClient;
  readonly clock: Clock;
}

/** The two commits of USE for requests of one key: what comes at the same time shares them, one row lock and one sync of the disk. */
export class SignGroup {
  constructor(
    private readonly parts: SignGroupParts,
    private readonly keyRef: string,
  ) {}

  /** What passed for `record`, to be counted. */
  static admitted(admission: ResultOf<"admit">, record: SessionKey["record"]): AdmittedSign {
    return { admission, metadata: traced(keyMetadata(record, admission.executionId)) };
  }

  /** The one commit of rule 5: counts, uses tickets up and records the events of all that pass. */
  async count(requests: readonly AdmittedSign[]): Promise<readonly Judgement[]> {
    return this.parts.store.withTransaction(async (tx) => {
      const { ledger, keys, clock } = this.parts;
      const key = await this.#locked(tx);
      const { floor } = parseSealedFloor(key.sealed.floor, key.record.floorHash);
      const admissions = requests.map(({ admission }) => admission);
      const entries = await this.#entries(tx, requests);
      const jtis = admissions.flatMap(({ tickets }) => tickets.map(({ jti }) => jti));
      const used = await ledger.usedTickets(tx, jtis);
      const book = { keyRef: this.keyRef, generation: key.generation, limits: floorLimits(floor), usage: key.usage, entries, used };
      const group = judgeGroup(book, admissions, BigInt(unixSeconds(clock)));
      const mine = group.tickets.map((ticket) => ({ ...ticket, keyRef: this.keyRef }));
      if (!(await ledger.useTickets(tx, mine))) throw new InterlockError("CONFLICT", "a ticket was used meanwhile");
      if (group.counted.length > 0) {
        const lastVersion = await this.#record(tx, key, requests, group);
        await keys.count(tx, this.keyRef, group.usage, lastVersion);
      }
      return group.judgements;
    });
  }

  /** Opens the key under the row lock that DISARM waits for, and stores what it signs. */
  async sign(requests: readonly AdmittedSign[]): Promise<readonly Signed[]> {
    return this.parts.store.withTransaction(async (tx) => {
      const key = await this.#locked(tx);
      const twins = await this.#entries(tx, requests);
      const signed = await Promise.all(
        requests.map((request) => this.#signed(key, request, twins.get(request.admission.nonce)?.signature)),
      );
      const fresh = signed.flatMap((one, i): [string, Hex][] => {
        const nonce = requests[i]?.admission.nonce;
        return nonce === undefined || "refused" in one || one.replayed ? [] : [[nonce, one.signature]];
      });
      await this.parts.ledger.storeSignatures(tx, this.keyRef, new Map(fresh));
      return signed;
    });
  }

  async #locked(tx: pg.PoolClient): Promise<SessionKey & { readonly sealed: NonNullable<SessionKey["sealed"]> }> {
    const key = requireKey(await this.parts.keys.lock(tx, this.keyRef), this.keyRef);
    checkMaySign(key);
    return key;
  }

  #entries(tx: pg.PoolClient, requests: readonly AdmittedSign[]) {
    const nonces = requests.map(({ admission }) => admission.nonce);
    return this.parts.ledger.find(tx, this.keyRef, nonces);
  }

  async #record(
    tx: pg.PoolClient,
    key: SessionKey & { readonly sealed: NonNullable<SessionKey["sealed"]> },
    requests: readonly AdmittedSign[],
    { counted }: GroupJudgement<ResultOf<"admit">>,
  ): Promise<number> {
    const { ledger, store, clock } = this.parts;
    const { policyId } = key.sealed;
    const rows = counted.map(({ nonce, digest, executionId, deadline }) => ({
      keyRef: this.keyRef,
      nonce,
      digest,
      executionId,
      deadline: BigInt(deadline),
      generation: key.generation,
    }));
    await ledger.add(tx, rows, clock.now());
    const entries = requests.flatMap(({ admission, metadata }) => {
      if (!counted.includes(admission)) return [];
      const { executionId, digest, nonce, deadline, operations, spends } = admission;
      const facts = { executionId, digest, nonce, deadline, operations: String(operations), spends, policyId };
      return [{ event: keySigned(key, facts), metadata }];
    });
    return (await store.appendGroup(keyStream(this.keyRef), key.streamVersion, entries, tx)).lastVersion;
  }

  async #signed({ record }: SessionKey, { admission }: AdmittedSign, twin: Hex | undefined): Promise<Signed> {
    if (twin !== undefined) return { signature: twin, replayed: true };
    try {
      const { signature } = await this.parts.core.call("sign", { admissionId: admission.admissionId, record });
      return { signature, replayed: false };
    } catch (refused) {
      return { refused };
    }
  }
}
