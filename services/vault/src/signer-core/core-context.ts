import type { Clock } from "#platform/kernel/clock.js";
import type { PinnedKeys } from "#platform/tickets/ticket-key.js";
import type { FloorBook } from "../domain/sealing/floor-book.js";
import type { AdmissionBook } from "./admission-book.js";
import type { Hygiene } from "./hygiene.js";
import type { KekGate } from "./kek/kek-gate.js";
import type { Operators } from "./kek/operators.js";
import type { UnsealBox } from "./kek/unseal-box.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { KekProvider } from "./providers/kek-provider.js";

/** What signer-core holds for its whole life. */
export interface CoreContext {
  readonly clock: Clock;
  readonly provider: KekProvider;
  /** The provider behind the operators' limits; keys are opened through it only. */
  readonly keks: KekGate;
  readonly operators: Operators;
  /** Only where shares are taken. */
  readonly unsealBox: UnsealBox | undefined;
  /** Pinned keys of the two ticket issuers. */
  readonly policyKeys: PinnedKeys;
  readonly permissionsKeys: PinnedKeys;
  readonly library: PolicyLibrary;
  readonly admissions: AdmissionBook;
  readonly floors: FloorBook;
  readonly hygiene: Hygiene;
}
