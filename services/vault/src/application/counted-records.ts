import type { StreamGroup } from "#platform/event-store/event-store.js";
import type { KeyCount } from "../adapters/postgres/key-repository.js";
import type { NewLedgerEntry } from "../adapters/postgres/ledger-repository.js";
import { keySigned } from "../domain/key/key-events.js";
import type { SessionKey } from "../domain/key/session-key.js";
import type { ResultOf } from "../signer-core/protocol/operations.js";
import { keyStream } from "./key-stream.js";
import type { JudgedKey } from "./sign-group.js";

type Admission = ResultOf<"admit">;

/** Ledger rows of what was counted for `key`. */
export function ledgerRows({ record, generation }: SessionKey, counted: readonly Admission[]): readonly NewLedgerEntry[] {
  const { keyRef } = record;
  return counted.map(({ nonce, digest, executionId, deadline }) => ({
    keyRef,
    nonce,
    digest,
    executionId,
    deadline: BigInt(deadline),
    generation,
  }));
}

/** The events of what was counted for a key, in the order of the requests. */
export function signedEvents({ key, mine, group }: JudgedKey): StreamGroup {
  const { policyId } = key.sealed;
  const entries = mine.flatMap(({ admission, metadata }) => {
    if (!group.counted.includes(admission)) return [];
    const { executionId, digest, nonce, deadline, operations, spends } = admission;
    const facts = { executionId, digest, nonce, deadline, operations: String(operations), spends, policyId };
    return [{ event: keySigned(key, facts), metadata }];
  });
  return { stream: keyStream(key.record.keyRef), expectedVersion: key.streamVersion, entries };
}

/** The key's count after it. */
export function countOf({ key, group }: JudgedKey): KeyCount {
  return { keyRef: key.record.keyRef, usage: group.usage, streamVersion: key.streamVersion + group.counted.length };
}
