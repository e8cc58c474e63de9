import { X509Certificate } from "node:crypto";
import { type AttestationDocument, parseAttestationDocument } from "./attestation-document.js";
import { attestationInvalid } from "./attestation-invalid.js";
import { isSignedBy, parseCoseSign1 } from "./cose-sign1.js";
import { AWS_NITRO_ROOT, DEV_ROOT_NAME } from "./roots.js";
import { verifyChain } from "./verify-chain.js";

/** What a document has to prove. */
export interface AttestationPolicy {
  /** production accepts AWS's root alone, whatever `devRoot` says. */
  readonly mode: "production" | "development";
  /** SHA-256 of a development root's DER, hex. */
  readonly devRoot?: string | undefined;
  /** Sets of measurements that may pass, hex by index: an upgrade has two for a while. */
  readonly measurements: readonly Readonly<Record<string, string>>[];
  /** The challenge that was given out, 16 to 64 bytes. */
  readonly nonce: Buffer;
  readonly now: Date;
  /** Oldest document, milliseconds. */
  readonly maxAgeMs: number;
}

/** A document that passed. */
export interface Attested {
  readonly kind: "aws-nitro" | "dev-not-hardware";
  /** Key the enclave made: what is released is encrypted to it. */
  readonly publicKey: Buffer;
  readonly document: AttestationDocument;
}

const MAX_BYTES = 32 * 1024;
/** Clocks of an enclave and its verifier may differ by so much. */
const SKEW_MS = 5_000;

/**
 * Verifies an AWS Nitro Enclaves attestation document: COSE signature, chain to a pinned root, measurements, challenge, age.
 * @throws InterlockError ATTESTATION_INVALID with the rule that failed
 */
export function verifyAttestation(bytes: Buffer, policy: AttestationPolicy): Attested {
  if (bytes.length > MAX_BYTES) throw attestationInvalid(`must be at most ${MAX_BYTES} bytes`);
  const cose = parseCoseSign1(bytes);
  const document = parseAttestationDocument(cose.payload);
  const devRoot = policy.mode === "development" ? policy.devRoot : undefined;
  const roots = devRoot === undefined ? [AWS_NITRO_ROOT] : [AWS_NITRO_ROOT, devRoot];
  const { key, root } = verifyChain(document.certificate, document.cabundle, roots, policy.now);
  const dev = root !== AWS_NITRO_ROOT;
  if (dev) checkDevName(document);
  if (!isSignedBy(cose, key)) throw attestationInvalid("the signature does not hold");
  checkFreshness(document, policy);
  checkMeasurements(document, policy);
  if (document.publicKey === undefined) throw attestationInvalid("carries no public key");
  return { kind: dev ? "dev-not-hardware" : "aws-nitro", publicKey: document.publicKey, document };
}

/** A development root has to say that it is one: nobody should be able to pin one by mistake. */
function checkDevName({ cabundle: [root] }: AttestationDocument): void {
  const subject = root === undefined ? "" : new X509Certificate(root).subject;
  if (subject !== `CN=${DEV_ROOT_NAME}`) throw attestationInvalid(`a development root must be called "${DEV_ROOT_NAME}"`);
}

function checkFreshness({ nonce, timestamp }: AttestationDocument, policy: AttestationPolicy): void {
  if (nonce === undefined || !nonce.equals(policy.nonce)) throw attestationInvalid("the nonce is not the challenge");
  const age = policy.now.getTime() - timestamp;
  if (age > policy.maxAgeMs || age < -SKEW_MS) throw attestationInvalid("is too old, or from the future");
}

function checkMeasurements({ pcrs }: AttestationDocument, { measurements }: AttestationPolicy): void {
  // An enclave in debug mode has zeros here: its memory can be read from outside.
  if (pcrs.get(0)?.every((byte) => byte === 0) !== false) throw attestationInvalid("PCR0 is missing or zero (debug mode)");
  const matches = (wanted: Readonly<Record<string, string>>) =>
    wanted["0"] !== undefined && Object.entries(wanted).every(([index, value]) => pcrs.get(Number(index))?.toString("hex") === value);
  if (!measurements.some(matches)) throw attestationInvalid("the measurements (PCRs) are not allowed ones");
}
