import type { Clock } from "#platform/kernel/clock.js";
import type { PinnedKeys } from "#platform/tickets/ticket-key.js";
import type { AdmissionBook } from "./admission-book.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { KekProvider } from "./providers/kek-provider.js";

/** What signer-core holds for its whole life. */
export interface CoreContext {
  readonly clock: Clock;
  readonly provider: KekProvider;
  /** Pinned keys of the two ticket issuers. */
  readonly policyKeys: PinnedKeys;
  readonly permissionsKeys: PinnedKeys;
  readonly library: PolicyLibrary;
  readonly admissions: AdmissionBook;
}
