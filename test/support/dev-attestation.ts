import { createHash, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { DevAttesterConfig } from "../../services/vault/src/attestation/dev-attester.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } as const;
const HOUR = 3_600_000;

/** A development PKI as AWS's is built: root, two authorities below it, a short-lived leaf. */
export interface DevPki {
  readonly attester: DevAttesterConfig;
  /** SHA-256 of the root's DER, hex. */
  readonly root: string;
  readonly measurements: Readonly<Record<string, string>>;
}

export interface PkiOptions {
  readonly rootName?: string;
  readonly leafFrom?: Date;
  readonly leafUntil?: Date;
  readonly leafIsAuthority?: boolean;
  readonly pcr0?: string;
}

/** Issues fresh certificates. */
export async function devPki(options: PkiOptions = {}): Promise<DevPki> {
  x509.cryptoProvider.set(webcrypto);
  const keys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const [now, rootName] = [Date.now(), `CN=${options.rootName ?? "DEV - NOT HARDWARE"}`];
  const rootKeys = await keys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: rootName,
    keys: rootKeys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - HOUR),
    notAfter: new Date(now + 24 * HOUR),
    extensions: [new x509.BasicConstraintsExtension(true, 2, true)],
  });
  const issue = async (subject: string, issuer: string, by: webcrypto.CryptoKeyPair, authority: boolean, from?: Date, until?: Date) => {
    const pair = await keys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer,
      publicKey: pair.publicKey,
      signingKey: by.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: from ?? new Date(now - HOUR),
      notAfter: until ?? new Date(now + HOUR),
      extensions: [new x509.BasicConstraintsExtension(authority, undefined, true)],
    });
    return { pair, certificate };
  };
  const region = await issue("CN=dev region", rootName, rootKeys, true);
  const host = await issue("CN=dev host", "CN=dev region", region.pair, true);
  const { leafIsAuthority = false, leafFrom, leafUntil, pcr0 = "ab".repeat(48) } = options;
  const leaf = await issue("CN=dev enclave", "CN=dev host", host.pair, leafIsAuthority, leafFrom, leafUntil);
  const der = (certificate: x509.X509Certificate) => Buffer.from(certificate.rawData);
  const measurements = { "0": pcr0, "1": "cd".repeat(48), "2": "ef".repeat(48) };
  return {
    attester: {
      kind: "dev",
      cabundle: [root, region.certificate, host.certificate].map((one) => der(one).toString("base64")),
      certificate: der(leaf.certificate).toString("base64"),
      privateKey: x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", leaf.pair.privateKey), "PRIVATE KEY"),
      pcrs: measurements,
    },
    root: createHash("sha256").update(der(root)).digest("hex"),
    measurements,
  };
}
