import type pg from "pg";
import type { Hex } from "viem";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { AppendMetadata } from "#platform/event-store/types.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { floorLimits } from "#platform/session-policy/floor-operation.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import type { LedgerRepository } from "../adapters/postgres/ledger-repository.js";
import { checkMaySign, type SessionKey } from "../domain/key/session-key.js";
import { type GroupJudgement, type Judgement, judgeGroup } from "../domain/ledger/judge-group.js";
import type { FloorBook } from "../domain/sealing/floor-book.js";
import type { ResultOf } from "../signer-core/protocol/operations.js";
import { countOf, ledgerRows, signedEvents } from "./counted-records.js";
import { requireKey } from "./require-key.js";

/** A request that signer-core has let pass, with the trace it came in. */
export interface AdmittedSign {
  readonly keyRef: string;
  readonly admission: ResultOf<"admit">;
  readonly metadata: AppendMetadata;
}

/** A signature, or why there is none; `replayed` when it was made before. "busy": somebody else works with this key, ask with `wait`. */
export type Signed = { readonly signature: Hex; readonly replayed: boolean } | { readonly refused: unknown } | "busy";

export interface SignGroupParts {
  readonly keys: KeyRepository;
  readonly ledger: LedgerRepository;
  readonly store: EventStore;
  readonly core: CoreClient;
  readonly clock: Clock;
  readonly floors: FloorBook;
}

type SealedKey = SessionKey & { readonly sealed: NonNullable<SessionKey["sealed"]> };
type KeyJudgement = GroupJudgement<ResultOf<"admit">>;

/** The requests of one key and what became of them. */
export interface JudgedKey {
  readonly key: SealedKey;
  readonly mine: readonly AdmittedSign[];
  readonly group: KeyJudgement;
}

/** The two commits of USE for requests of any keys: what comes at the same time shares them, its statements and the disk's sync. */
export class SignGroup {
  constructor(
    private readonly parts: SignGroupParts,
    /** Wait for keys that somebody else has locked; otherwise they are left out as "busy". */
    private readonly wait: boolean,
  ) {}

  /** Counts, then signs what was counted. One result for each request, in their order. */
  async run(requests: readonly AdmittedSign[]): Promise<readonly Signed[]> {
    const judgements = await this.#count(requests);
    const open = requests.filter((_, i) => isOpen(judgements[i]));
    const signed = new Map(open.length === 0 ? [] : await this.#sign(open));
    return requests.map((request, i) => signed.get(request) ?? settled(judgements[i]));
  }

  /** The one commit of rule 5: counts, uses tickets up and records the events of all that pass. */
  #count(requests: readonly AdmittedSign[]): Promise<readonly (Judgement | "busy")[]> {
    return this.parts.store.withTransaction(async (tx) => {
      const { ledger } = this.parts;
      const locked = await this.#lock(tx, requests);
      const entries = await ledger.find(tx, slots(requests));
      const used = await ledger.usedTickets(tx, jtis(requests));
      const outcomes = new Map<AdmittedSign, Judgement | "busy">();
      const judged: JudgedKey[] = [];
      for (const [keyRef, mine] of Map.groupBy(requests, (request) => request.keyRef)) {
        const key = locked.get(keyRef) ?? "busy";
        if (key === "busy" || "refused" in key) {
          for (const one of mine) outcomes.set(one, key === "busy" ? key : { kind: "refused", error: key.refused });
          continue;
        }
        const group = this.#judge(key, mine, { entries: entries.get(keyRef) ?? new Map(), used });
        for (const [i, one] of mine.entries()) outcomes.set(one, group.judgements[i] ?? "busy");
        judged.push({ key, mine, group });
      }
      await this.#record(tx, judged);
      return requests.map((request) => outcomes.get(request) ?? "busy");
    });
  }

  async #record(tx: pg.PoolClient, judged: readonly JudgedKey[]): Promise<void> {
    const { ledger, keys, store, clock } = this.parts;
    const tickets = judged.flatMap(({ key, group }) => group.tickets.map((ticket) => ({ ...ticket, keyRef: key.record.keyRef })));
    if (!(await ledger.useTickets(tx, tickets))) throw new InterlockError("CONFLICT", "a ticket was used meanwhile");
    const fresh = judged.filter(({ group }) => group.counted.length > 0);
    if (fresh.length === 0) return;
    const rows = fresh.flatMap(({ key, group }) => ledgerRows(key, group.counted));
    await ledger.add(tx, rows, clock.now());
    await store.appendGroups(fresh.map(signedEvents), tx);
    await keys.countAll(tx, fresh.map(countOf));
  }

  /** Opens keys under the row locks that DISARM waits for, and stores what they sign. */
  #sign(requests: readonly AdmittedSign[]): Promise<readonly (readonly [AdmittedSign, Signed])[]> {
    return this.parts.store.withTransaction(async (tx) => {
      const locked = await this.#lock(tx, requests);
      const twins = await this.parts.ledger.find(tx, slots(requests));
      const signed = await Promise.all(
        requests.map(async (request) => {
          const key = locked.get(request.keyRef) ?? "busy";
          if (key === "busy" || "refused" in key) return [request, key] as const;
          const twin = twins.get(request.keyRef)?.get(request.admission.nonce)?.signature;
          return [request, await this.#signed(key, request, twin)] as const;
        }),
      );
      const fresh = signed.flatMap(([{ keyRef, admission }, one]) =>
        one === "busy" || "refused" in one || one.replayed ? [] : [{ keyRef, nonce: admission.nonce, signature: one.signature }],
      );
      await this.parts.ledger.storeSignatures(tx, fresh);
      return signed;
    });
  }

  /** Each key of the requests: locked and fit to sign, or why not. */
  async #lock(
    tx: pg.PoolClient,
    requests: readonly AdmittedSign[],
  ): Promise<ReadonlyMap<string, SealedKey | "busy" | { readonly refused: InterlockError }>> {
    const keyRefs = [...new Set(requests.map(({ keyRef }) => keyRef))];
    const rows = await this.parts.keys.lockAll(tx, keyRefs, this.wait);
    return new Map(keyRefs.map((keyRef) => [keyRef, !this.wait && !rows.has(keyRef) ? "busy" : usable(rows.get(keyRef), keyRef)]));
  }

  #judge(key: SealedKey, mine: readonly AdmittedSign[], found: Pick<Parameters<typeof judgeGroup>[0], "entries" | "used">): KeyJudgement {
    const { record, sealed, generation, usage } = key;
    const { floor } = this.parts.floors.read(sealed.floor, record.floorHash);
    const book = { keyRef: record.keyRef, generation, limits: floorLimits(floor), usage, ...found };
    const admissions = mine.map(({ admission }) => admission);
    return judgeGroup(book, admissions, BigInt(unixSeconds(this.parts.clock)));
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

function usable(key: SessionKey | undefined, keyRef: string): SealedKey | { readonly refused: InterlockError } {
  try {
    const found = requireKey(key, keyRef);
    checkMaySign(found);
    return found;
  } catch (error) {
    const refused = findInterlockError(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

const slots = (requests: readonly AdmittedSign[]) => requests.map(({ keyRef, admission }) => ({ keyRef, nonce: admission.nonce }));

const jtis = (requests: readonly AdmittedSign[]) => requests.flatMap(({ admission }) => admission.tickets.map(({ jti }) => jti));

/** Counted, now or before, and not signed yet. */
function isOpen(judgement: Judgement | "busy" | undefined): boolean {
  if (judgement === undefined || judgement === "busy" || judgement.kind === "refused") return false;
  return judgement.kind === "counted" || judgement.signature === undefined;
}

function settled(judgement: Judgement | "busy" | undefined): Signed {
  if (judgement === undefined || judgement === "busy") return "busy";
  if (judgement.kind === "refused") return { refused: judgement.error };
  if (judgement.kind === "repeated" && judgement.signature !== undefined) return { signature: judgement.signature, replayed: true };
  return "busy";
}
