import { createHmac } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { type AccountId, accountId } from "#platform/kernel/ids.js";
import { type JsonObject, parseJsonObject } from "#platform/kernel/json.js";
import type { Random } from "#platform/kernel/random.js";
import { seal, unseal } from "#platform/personal-data/sealed-text.js";
import { subjectErased } from "../domain/auth-events.js";
import type { SealedData } from "../domain/sealed-data.js";
import type { AgentStore } from "./ports/agent-store.js";
import type { SubjectKeys } from "./ports/subject-keys.js";
import type { Tx } from "./ports/tx.js";
import type { Recorder } from "./recorder.js";

export interface PersonalDataParts {
  readonly keys: SubjectKeys;
  /** PII_KEY: also what subjects are named by. */
  readonly secret: Buffer;
  readonly agents: Pick<AgentStore, "forgetLabels">;
  readonly recorder: Recorder;
  readonly random: Random;
}

/** Personal data in events: sealed under a key of the subject's own, gone when that key is. */
export class PersonalData {
  constructor(private readonly parts: PersonalDataParts) {}

  /** Seals `data` of `wallet` for an event of `type`. @returns what stands in the event */
  async sealed(tx: Tx, wallet: string, type: string, data: JsonObject): Promise<SealedData> {
    const { subjectRef, version, key } = await this.parts.keys.current(tx, this.refOf(wallet));
    const sealed = seal(key, about(subjectRef, version, type), Buffer.from(JSON.stringify(data)), this.parts.random);
    return { subjectRef, keyVersion: version, sealed: sealed.toString("base64") };
  }

  /** Opens what stands in an event of `type`. @throws InterlockError NOT_FOUND once the key was destroyed; VALIDATION_FAILED */
  async open(type: string, { subjectRef, keyVersion, sealed }: SealedData): Promise<JsonObject> {
    const found = await this.parts.keys.find(subjectRef, keyVersion);
    if (found === undefined) throw new InterlockError("NOT_FOUND", "the key of this personal data was destroyed or never was here");
    const text = unseal(found.key, about(subjectRef, keyVersion, type), Buffer.from(sealed, "base64")).toString("utf8");
    return parseJsonObject(text) ?? {};
  }

  /** Destroys the keys of `wallet` and what else is kept of it; tells of it on the log. @returns keys destroyed now */
  async erase(wallet: string, chainId: bigint, requestedBy: string): Promise<number> {
    const { keys, recorder, agents } = this.parts;
    const subjectRef = this.refOf(wallet);
    const account: AccountId = accountId(chainId, wallet);
    return recorder.transaction(async (tx) => {
      const versions = await keys.destroy(tx, subjectRef);
      await agents.forgetLabels(tx, wallet.toLowerCase());
      const actor = { type: "user", id: requestedBy } as const;
      for (const version of versions) await recorder.record(tx, account, subjectErased({ subjectRef, version, requestedBy }), actor);
      return versions.length;
    });
  }

  private refOf(wallet: string): string {
    return createHmac("sha256", this.parts.secret).update(`interlock-subject/1\n${wallet.toLowerCase()}`).digest("hex");
  }
}

const about = (subjectRef: string, version: number, type: string) => `personal-data/1 ${subjectRef} ${version} ${type}`;
