import { createHash, type KeyObject } from "node:crypto";
import { chainMessage, chainSignatureHolds } from "#platform/transparency-log/producer-chain.js";
import type { Finding } from "./verdict.js";

/** Public keys of each producer, by CloudEvents source. */
export type ProducerKeys = ReadonlyMap<string, readonly KeyObject[]>;

interface Chain {
  sequence: bigint;
  hash: string;
  index: number;
  /** Last number a signature covers, -1 before the first. */
  signed: bigint;
}

const NOTHING = "0".repeat(64);
const pad = (sequence: bigint) => sequence.toString().padStart(20, "0");

/** What the chain check reads of an event. */
interface LinkedEvent {
  readonly source: string;
  readonly sequence: string;
  readonly type: string;
  readonly previoushash: string;
  readonly chainsignature: string | undefined;
  readonly lastSequence: string | undefined;
  readonly lastHash: string | undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = new Map<string, unknown>(Object.entries(value)).get(name);
  return typeof found === "string" ? found : undefined;
}

function linkedEvent(line: string): LinkedEvent | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return undefined;
  }
  const [source, sequence, type, previoushash] = ["source", "sequence", "type", "previoushash"].map((name) => textIn(event, name));
  if (source === undefined || sequence === undefined || type === undefined || previoushash === undefined) return undefined;
  if (!/^[0-9]{20}$/.test(sequence)) return undefined;
  const data: unknown = typeof event === "object" && event !== null && "data" in event ? event.data : undefined;
  const of = (name: string) => textIn(data, name);
  return {
    source,
    sequence,
    type,
    previoushash,
    chainsignature: textIn(event, "chainsignature"),
    lastSequence: of("lastSequence"),
    lastHash: of("lastHash"),
  };
}

/**
 * Checks what producers say of their own events: each names the hash of the one before, the first of a batch is signed with the
 * producer's key, and a producer that starts names the last event of its predecessor. Shows events that the log's operator made up, and
 * a tail that was lost before it reached the log.
 */
export class ProducerChains {
  readonly findings: Finding[] = [];
  readonly #chains = new Map<string, Chain>();

  constructor(private readonly keys: ProducerKeys) {}

  /** @param line the event at `index`, its bytes as text; an entry that is withheld breaks the chain and says nothing */
  see(line: string, index: number): void {
    const event = linkedEvent(line);
    if (event === undefined) return;
    const chain = this.#chains.get(event.source);
    const sequence = BigInt(event.sequence);
    const before = chain?.sequence === sequence - 1n ? chain : undefined;
    const startsHere = sequence === 1n && chain === undefined;
    if (before !== undefined && event.previoushash !== before.hash) {
      this.#find("MODIFIED", before.index, `${event.source} says that its event ${before.sequence} was another one`);
    }
    const signed = this.#signature(event, sequence, before?.hash ?? (startsHere ? NOTHING : undefined), index);
    this.#start(event, sequence, before, index);
    const hash = createHash("sha256").update(line).digest("hex");
    this.#chains.set(event.source, { sequence, hash, index, signed: signed ? sequence - 1n : (chain?.signed ?? -1n) });
  }

  /** Called after the last entry: producers that have a key and never signed. */
  end(): void {
    for (const [source, { signed, index }] of this.#chains) {
      if (signed === -1n && this.keys.has(source)) this.#find("BAD_SIGNATURE", index, `nothing of ${source} is signed by it`);
    }
  }

  /** How far each producer's signatures reach. */
  get signedTo(): ReadonlyMap<string, { readonly signed: bigint; readonly last: bigint }> {
    return new Map([...this.#chains].map(([source, { signed, sequence }]) => [source, { signed, last: sequence }]));
  }

  #signature(event: LinkedEvent, sequence: bigint, hash: string | undefined, index: number): boolean {
    const keys = this.keys.get(event.source);
    if (event.chainsignature === undefined || keys === undefined) return false;
    const message = chainMessage(event.source, pad(sequence - 1n), hash ?? event.previoushash);
    if (chainSignatureHolds(message, event.chainsignature, keys)) return true;
    this.#find("BAD_SIGNATURE", index, `${event.source} did not sign what stands before its event ${sequence}`);
    return false;
  }

  #start({ type, source, lastSequence, lastHash }: LinkedEvent, sequence: bigint, before: Chain | undefined, index: number): void {
    if (!type.startsWith("producer.started.") || lastSequence === undefined || !/^[0-9]{1,20}$/.test(lastSequence)) return;
    const last = BigInt(lastSequence);
    if (last >= sequence) {
      this.#find("PRODUCER_GAP", index, `${source} started after its event ${last}, which is not here: this is its event ${sequence}`);
    } else if (before !== undefined && last === before.sequence && lastHash !== before.hash) {
      this.#find("MODIFIED", before.index, `${source} started after another event ${last}`);
    }
  }

  #find(kind: Finding["kind"], index: number, message: string): void {
    this.findings.push({ kind, index, message });
  }
}
