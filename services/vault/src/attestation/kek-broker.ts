import { randomBytes } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { attestationInvalid } from "./attestation-invalid.js";
import { type ReleasedRing, sealRelease } from "./release.js";
import { type AttestationPolicy, type Attested, verifyAttestation } from "./verify-attestation.js";

export interface KekBrokerOptions extends Pick<AttestationPolicy, "mode" | "devRoot" | "measurements"> {
  readonly clock: Clock;
  /** Text of the KEK ring as it is now. */
  readonly ring: () => string;
  /** Told of every document that passed or did not: the ceremony's record. */
  readonly record?: (outcome: { readonly released: boolean; readonly kind?: Attested["kind"]; readonly rule?: string }) => void;
}

const CHALLENGE_MS = 60_000;
const MAX_AGE_MS = 60_000;
const MOST_CHALLENGES = 1_000;

/** Holds the KEK ring outside the enclaves and gives it to nothing but a key inside a document that proves the right code. */
export class KekBroker {
  /** Challenges that were given out, with the end of their lives; each is good once. */
  readonly #challenges = new Map<string, number>();

  constructor(private readonly options: KekBrokerOptions) {}

  /** 32 random bytes for one document. @throws InterlockError RESOURCE_EXHAUSTED */
  challenge(): Buffer {
    const now = this.options.clock.now().getTime();
    for (const [old, until] of this.#challenges) if (until <= now) this.#challenges.delete(old);
    if (this.#challenges.size >= MOST_CHALLENGES) throw new InterlockError("RESOURCE_EXHAUSTED", "too many challenges are open");
    const nonce = randomBytes(32);
    this.#challenges.set(nonce.toString("hex"), now + CHALLENGE_MS);
    return nonce;
  }

  /** The ring, encrypted to the document's key. @throws InterlockError ATTESTATION_INVALID */
  async release(nonce: Buffer, document: Buffer): Promise<ReleasedRing> {
    const { clock, ring, record, ...policy } = this.options;
    try {
      const now = clock.now();
      const until = this.#challenges.get(nonce.toString("hex"));
      this.#challenges.delete(nonce.toString("hex"));
      if (until === undefined || until <= now.getTime()) throw attestationInvalid("the challenge is unknown, used or too old");
      const attested = verifyAttestation(document, { ...policy, nonce, now, maxAgeMs: MAX_AGE_MS });
      const released = await sealRelease(attested, ring());
      record?.({ released: true, kind: attested.kind });
      return released;
    } catch (error) {
      const rule = error instanceof InterlockError ? String(error.details.rule ?? error.code) : "failed";
      record?.({ released: false, rule });
      throw error;
    }
  }
}
