import type { SessionKey } from "../domain/key/session-key.js";
import type { DisarmKey } from "./disarm-key.js";
import type { GenerateKey } from "./generate-key.js";
import type { KekAdmin } from "./kek-admin.js";
import type { SealFloor } from "./seal-floor.js";
import type { SignIntent } from "./sign-intent.js";

/** Everything the vault does, for the transport. */
export interface UseCases {
  readonly generate: GenerateKey;
  readonly seal: SealFloor;
  readonly sign: SignIntent;
  readonly disarm: DisarmKey;
  readonly keks: KekAdmin;
  /** @throws InterlockError NOT_FOUND, VALIDATION_FAILED */
  find(keyRef: string): Promise<SessionKey>;
}

export const USE_CASES = Symbol("vault:use-cases");
