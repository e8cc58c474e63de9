import { randomUUID } from "node:crypto";
import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";

/** One judged request that may be signed once. */
export interface Admission {
  readonly keyRef: string;
  readonly generation: number;
  readonly floorHash: Hex;
  readonly digest: Hex;
}

const LIFE_MS = 30_000;
const MOST = 10_000;

/** Admissions that were not redeemed yet. In memory only: a restart forgets them, and the caller asks again. */
export class AdmissionBook {
  readonly #open = new Map<string, { readonly admission: Admission; readonly until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Notes `admission` and gives the id under which it can be redeemed. @throws InterlockError RESOURCE_EXHAUSTED when too many are open */
  add(admission: Admission): string {
    this.#forgetOld();
    if (this.#open.size >= MOST) throw new InterlockError("RESOURCE_EXHAUSTED", "signer-core has too many open admissions");
    const id = randomUUID();
    this.#open.set(id, { admission, until: this.clock.now().getTime() + LIFE_MS });
    return id;
  }

  /** The admission, which is used up by this. @throws InterlockError DEPENDENCY_UNAVAILABLE when it is unknown, used or too old: ask again */
  redeem(id: string): Admission {
    const entry = this.#open.get(id);
    this.#open.delete(id);
    if (entry !== undefined && entry.until > this.clock.now().getTime()) return entry.admission;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", "signer-core does not know this admission (any more); ask again", {
      details: { dependency: "signer-core" },
    });
  }

  /** Entries are in the order of their age, so the first young one ends the search. */
  #forgetOld(): void {
    const now = this.clock.now().getTime();
    for (const [id, { until }] of this.#open) {
      if (until > now) return;
      this.#open.delete(id);
    }
  }
}
