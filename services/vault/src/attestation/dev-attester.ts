import { createPrivateKey } from "node:crypto";
import { encode } from "cbor2";
import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { signCose } from "./cose-sign1.js";

/** A development PKI under a root called DEV - NOT HARDWARE: certificates as base64 DER, the leaf's key as PKCS#8 PEM. */
export const devAttesterSchema = z.strictObject({
  kind: z.literal("dev"),
  cabundle: z.array(z.base64()).min(1),
  certificate: z.base64(),
  privateKey: z.string(),
  /** What it claims to measure, hex by index. */
  pcrs: z.record(z.string().regex(/^[0-9]{1,2}$/), z.string().regex(/^[0-9a-f]{96}$/)),
});

export type DevAttesterConfig = z.infer<typeof devAttesterSchema>;

/**
 * Makes documents of exactly the form that an enclave's security module makes, so that everything else can be run and tested.
 * It proves nothing: its key is a file.
 */
export class DevAttester {
  /** @throws InterlockError CONFIG_INVALID in production */
  constructor(
    private readonly config: DevAttesterConfig,
    private readonly clock: Clock,
    mode: "production" | "development",
  ) {
    if (mode === "production") {
      throw new InterlockError("CONFIG_INVALID", "KEK_FILE: a development attester (DEV - NOT HARDWARE) is refused in production");
    }
  }

  /** A document over the verifier's challenge and the key it shall encrypt to. */
  attest(nonce: Buffer, publicKey: Buffer): Buffer {
    const { cabundle, certificate, privateKey, pcrs } = this.config;
    const view = (bytes: Buffer) => new Uint8Array(bytes);
    const document = new Map<string, unknown>([
      ["module_id", "dev-not-hardware"],
      ["digest", "SHA384"],
      ["timestamp", this.clock.now().getTime()],
      ["pcrs", new Map(Object.entries(pcrs).map(([index, value]) => [Number(index), view(Buffer.from(value, "hex"))]))],
      ["certificate", view(Buffer.from(certificate, "base64"))],
      ["cabundle", cabundle.map((one) => view(Buffer.from(one, "base64")))],
      ["public_key", view(publicKey)],
      ["user_data", null],
      ["nonce", view(nonce)],
    ]);
    return signCose(Buffer.from(encode(document)), createPrivateKey(privateKey));
  }
}
