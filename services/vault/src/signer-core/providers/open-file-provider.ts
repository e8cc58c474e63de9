import { parseKekRing } from "./kek-ring.js";
import { RingKekProvider } from "./ring-kek-provider.js";

/**
 * KEKs from a mounted, versioned secret. The provider of local runs and of clusters without an HSM.
 * @param read text of the secret as it is now; a rotation reads it again
 */
export function openFileProvider(read: () => string): RingKekProvider {
  return new RingKekProvider("file", parseKekRing(read()), () => parseKekRing(read()));
}
