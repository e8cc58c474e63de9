import { isUniqueViolation } from "#platform/database/database-error.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import type { GenerateKeyRequest } from "#proto/interlock/vault/v1/vault.js";
import type { CoreClient } from "../adapters/core/core-client.js";
import type { KeyRepository } from "../adapters/postgres/key-repository.js";
import type { KeyIdentity } from "../domain/envelope/key-record.js";
import { keyGenerated } from "../domain/key/key-events.js";
import { checkLives, type SessionKey } from "../domain/key/session-key.js";
import { keyMetadata, keyStream } from "./key-stream.js";
import { isSameIdentity, newIdentity } from "./new-identity.js";

/** GENERATE: makes a key of which only the public part leaves. Asked again for the same session it gives the same key. */
export class GenerateKey {
  constructor(
    private readonly keys: KeyRepository,
    private readonly store: EventStore,
    private readonly core: CoreClient,
    private readonly clock: Clock,
    private readonly ids: IdFactory,
  ) {}

  /** @throws InterlockError VALIDATION_FAILED, CHAIN_MISMATCH, FENCED, ALREADY_EXISTS when the session has a key for something else */
  async run(request: GenerateKeyRequest): Promise<SessionKey> {
    const asked = newIdentity(request, this.ids.next());
    const existing = await this.keys.findBySession(asked.sessionId);
    if (existing !== undefined) return sameKey(existing, asked);
    const { record, address } = await this.core.call("generate", asked);
    const key: SessionKey = {
      record,
      address,
      state: "generated",
      generation: record.generation,
      sealed: undefined,
      usage: UNUSED,
      streamVersion: 1,
    };
    try {
      await this.store.withTransaction(async (tx) => {
        await this.keys.insert(tx, key, this.clock.now());
        await this.store.append(keyStream(record.keyRef), 0, [keyGenerated(key)], keyMetadata(record, record.sessionId), tx);
      });
      return key;
    } catch (error) {
      if (!isUniqueViolation(error, "session_key_session_id_key")) throw error;
      const winner = await this.keys.findBySession(asked.sessionId);
      if (winner === undefined) throw error;
      return sameKey(winner, asked);
    }
  }
}

function sameKey(existing: SessionKey, asked: Omit<KeyIdentity, "pubkey">): SessionKey {
  checkLives(existing);
  if (isSameIdentity(existing.record, asked)) return existing;
  throw new InterlockError("ALREADY_EXISTS", "the session has a key that was made for something else", {
    details: { field: "session_id", value: asked.sessionId },
  });
}
