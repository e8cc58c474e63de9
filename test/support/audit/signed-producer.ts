import { hash } from "node:crypto";
import type { LogRecord } from "../../../services/platform/src/event-log/event-log.js";
import { type ChainSigner, chainMessage } from "../../../services/platform/src/transparency-log/producer-chain.js";

/** What one made-up event says. */
export interface Said {
  readonly type?: string;
  readonly key?: string;
  readonly data?: object;
}

const pad = (sequence: number) => String(sequence).padStart(20, "0");

/** A producer as the services are: each event names the hash of the one before, each batch is signed at its head and by the next one. */
export class SignedProducer {
  sequence = 0;
  hash = "0".repeat(64);

  constructor(
    readonly source: string,
    private readonly sign: ChainSigner | undefined,
  ) {}

  /** The next batch, as it goes to the services' topic. */
  batch(all: readonly Said[]): LogRecord[] {
    const before = this.signature();
    return all.map((said, i) => {
      const value = this.event(said, i === 0 ? before : undefined);
      const head = i === all.length - 1 ? this.signature() : undefined;
      return { key: said.key ?? "cluster", value, headers: head === undefined ? {} : { chainhead: head } };
    });
  }

  private signature(): string | undefined {
    return this.sign?.(chainMessage(this.source, pad(this.sequence), this.hash));
  }

  private event({ type = "key.signed.v1", key = "cluster", data = {} }: Said, chainsignature: string | undefined): Buffer {
    const { source, hash: previoushash } = this;
    this.sequence += 1;
    const place = { sequence: pad(this.sequence), partitionkey: key, previoushash, chainsignature };
    const bytes = Buffer.from(JSON.stringify({ specversion: "1.0", id: `${source}-${this.sequence}`, source, type, ...place, data }));
    this.hash = hash("sha256", bytes, "hex");
    return bytes;
  }
}
