import type { KeyObject } from "node:crypto";
import { chainMessage, chainSignatureHolds } from "#platform/transparency-log/producer-chain.js";

/** What a signature says: the producer's event `sequence` has this SHA-256. */
export interface Claim {
  readonly source: string;
  readonly sequence: bigint;
  /** Hex. */
  readonly hash: string;
  /** base64url. */
  readonly signature: string;
}

/** Whose events the log takes: those of producers whose key is pinned, as far as they signed them, and those of the ones named to be without. */
export class ProducerTrust {
  /**
   * @param keys public keys by CloudEvents source
   * @param unsigned sources whose events are taken without a signature; `all` where nothing is signed, as in a bench
   */
  constructor(
    private readonly keys: ReadonlyMap<string, readonly KeyObject[]>,
    private readonly unsigned: ReadonlySet<string> | "all" = new Set(),
  ) {}

  of(source: string): "signed" | "unsigned" | "unknown" {
    if (this.unsigned === "all" || this.unsigned.has(source)) return "unsigned";
    return this.keys.has(source) ? "signed" : "unknown";
  }

  readonly holds = ({ source, sequence, hash, signature }: Claim): boolean => {
    const message = chainMessage(source, sequence.toString().padStart(20, "0"), hash);
    return chainSignatureHolds(message, signature, this.keys.get(source) ?? []);
  };
}
