import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { ReleaseKey } from "../../attestation/release.js";
import { type KekRing, parseKekRing } from "./kek-ring.js";
import { RingKekProvider } from "./ring-kek-provider.js";

/** Makes a document over a challenge and a key. */
export interface Attester {
  attest(nonce: Buffer, publicKey: Buffer): Buffer;
}

const TIMEOUT_MS = 10_000;
const challengeSchema = z.object({ nonce: z.base64() });
const releasedSchema = z.object({ kind: z.enum(["aws-nitro", "dev-not-hardware"]), encapsulated: z.base64(), ciphertext: z.base64() });

/**
 * KEKs that a broker releases to this process because of what it is: it sends a document over the broker's challenge and a key of its own.
 * The name says what vouched: `attested`, or `attested-dev` for a development root.
 * @throws InterlockError DEPENDENCY_UNAVAILABLE when the broker is away, ATTESTATION_INVALID when it refuses, CONFIG_INVALID in production
 * for anything but hardware
 */
export async function openAttestedProvider(
  broker: string,
  attester: Attester,
  mode: "production" | "development",
): Promise<RingKekProvider> {
  const { kind, ring } = await release(broker, attester);
  if (kind !== "aws-nitro" && mode === "production") {
    throw new InterlockError(
      "CONFIG_INVALID",
      "KEKs that a development attester vouched for (DEV - NOT HARDWARE) are refused in production",
    );
  }
  return new RingKekProvider(kind === "aws-nitro" ? "attested" : "attested-dev", ring, async () => (await release(broker, attester)).ring);
}

async function release(broker: string, attester: Attester): Promise<{ kind: string; ring: KekRing }> {
  const { nonce } = challengeSchema.parse(await post(broker, "/challenge", {}));
  const key = await ReleaseKey.create();
  const document = attester.attest(Buffer.from(nonce, "base64"), key.publicKey);
  const released = releasedSchema.parse(await post(broker, "/release", { nonce, document: document.toString("base64") }));
  return { kind: released.kind, ring: parseKekRing(await key.open(released)) };
}

async function post(broker: string, path: string, body: object): Promise<unknown> {
  const url = new URL(path, broker);
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the KEK broker does not answer", { details: { dependency: "kek" }, cause });
  }
  if (response.ok) return response.json();
  if (response.status === 403) throw new InterlockError("ATTESTATION_INVALID", "the KEK broker refused the attestation document");
  throw new InterlockError("DEPENDENCY_UNAVAILABLE", `the KEK broker answered ${response.status}`, { details: { dependency: "kek" } });
}
