import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { attestationInvalid } from "./attestation-invalid.js";

const CURVE = "secp384r1";

/**
 * The public key of `leaf`, when a chain of valid P-384 certificates leads from it to a root whose SHA-256 is pinned. The sender's bundle
 * only names the root: it is believed for its hash alone.
 * @param bundle root first, then downwards
 * @throws InterlockError ATTESTATION_INVALID
 */
export function verifyChain(
  leaf: Buffer,
  bundle: readonly Buffer[],
  pinnedRoots: readonly string[],
  now: Date,
): { key: KeyObject; root: string } {
  try {
    return walk(leaf, bundle, pinnedRoots, now);
  } catch (error) {
    if (error instanceof InterlockError) throw error;
    // OpenSSL throws its own errors where a point is on no curve or a signature is no signature.
    throw attestationInvalid("a certificate cannot be read", error);
  }
}

function walk(leaf: Buffer, bundle: readonly Buffer[], pinnedRoots: readonly string[], now: Date): { key: KeyObject; root: string } {
  const [rootBytes, ...between] = bundle;
  const root = rootBytes === undefined ? "" : createHash("sha256").update(rootBytes).digest("hex");
  if (rootBytes === undefined || !pinnedRoots.includes(root)) throw attestationInvalid("the chain's root is not a pinned one");
  let issuer = authority(read(rootBytes), now);
  for (const bytes of between) {
    const certificate = authority(read(bytes), now);
    checkIssued(certificate, issuer);
    issuer = certificate;
  }
  const end = valid(read(leaf), now);
  if (end.ca) throw attestationInvalid("the leaf must not be a certificate authority");
  checkIssued(end, issuer);
  return { key: end.publicKey, root };
}

function read(bytes: Buffer): X509Certificate {
  const certificate = new X509Certificate(bytes);
  // OpenSSL stops reading at the end of the certificate: bytes behind it must not go unseen.
  if (certificate.raw.equals(bytes)) return certificate;
  throw attestationInvalid("a certificate is not in its one encoding");
}

function authority(certificate: X509Certificate, now: Date): X509Certificate {
  if (!certificate.ca) throw attestationInvalid("an issuer is no certificate authority");
  return valid(certificate, now);
}

function valid(certificate: X509Certificate, now: Date): X509Certificate {
  const { validFromDate, validToDate, publicKey } = certificate;
  if (now < validFromDate || now > validToDate) throw attestationInvalid("a certificate is not valid at this time");
  if (publicKey.asymmetricKeyDetails?.namedCurve !== CURVE) throw attestationInvalid("a certificate's key is not on P-384");
  return certificate;
}

function checkIssued(certificate: X509Certificate, issuer: X509Certificate): void {
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
    throw attestationInvalid("a certificate was not issued by the one above it");
}
