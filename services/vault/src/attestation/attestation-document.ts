import { decode } from "cbor2";
import { z } from "zod";
import { attestationInvalid } from "./attestation-invalid.js";

const bytes = (min: number, max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length >= min && value.length <= max);
const optional = (max: number) => bytes(0, max).nullish();

/** The limits are those of AWS's nsm documentation ("attestation document specification"). */
const schema = z.strictObject({
  module_id: z.string().min(1),
  digest: z.literal("SHA384"),
  timestamp: z.union([z.int().positive(), z.bigint().positive()]),
  pcrs: z.map(z.int().min(0).max(31), bytes(48, 48)).refine((pcrs) => pcrs.size > 0),
  certificate: bytes(1, 1024),
  cabundle: z.array(bytes(1, 1024)).min(1).max(8),
  public_key: optional(1024),
  user_data: optional(512),
  nonce: optional(512),
});

/** What an enclave says about itself. */
export interface AttestationDocument {
  readonly moduleId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** 48 bytes each. */
  readonly pcrs: ReadonlyMap<number, Buffer>;
  readonly certificate: Buffer;
  /** The first is the root as the sender has it, which nobody believes; then the intermediates, downwards. */
  readonly cabundle: readonly Buffer[];
  readonly publicKey: Buffer | undefined;
  readonly nonce: Buffer | undefined;
}

/** @throws InterlockError ATTESTATION_INVALID */
export function parseAttestationDocument(payload: Buffer): AttestationDocument {
  const parsed = schema.safeParse(fields(payload));
  if (!parsed.success) throw attestationInvalid(`${parsed.error.issues[0]?.path.join(".") || "document"}: is malformed`);
  const { module_id: moduleId, timestamp, pcrs, certificate, cabundle, public_key: publicKey, nonce } = parsed.data;
  return {
    moduleId,
    timestamp: Number(timestamp),
    pcrs: new Map([...pcrs].map(([index, value]) => [index, Buffer.from(value)])),
    certificate: Buffer.from(certificate),
    cabundle: cabundle.map((one) => Buffer.from(one)),
    publicKey: publicKey ? Buffer.from(publicKey) : undefined,
    nonce: nonce ? Buffer.from(nonce) : undefined,
  };
}

function fields(payload: Buffer): unknown {
  try {
    const value: unknown = decode(new Uint8Array(payload), { rejectDuplicateKeys: true });
    return value instanceof Map ? Object.fromEntries(value) : value;
  } catch (cause) {
    throw attestationInvalid("the payload must be CBOR", cause);
  }
}
