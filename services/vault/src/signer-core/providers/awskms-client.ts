import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** What KMS authenticates with a ciphertext and writes into CloudTrail. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** One call of the API, as the tests record them. */
export interface AwsKmsRequest {
  readonly operation: string;
  readonly body: object;
}

export interface AwsKmsAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request; rejects when KMS cannot be reached. */
export type AwsKmsTransport = (request: AwsKmsRequest) => Promise<AwsKmsAnswer>;

/** Errors that say that ciphertext, key and context are not each other's; every other one says nothing about the row. */
const NOT_AUTHENTIC = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);

const refused = z.object({ __type: z.string() });
const encrypted = z.object({ CiphertextBlob: z.base64(), KeyId: z.string() });
const decrypted = z.object({ Plaintext: z.base64(), KeyId: z.string() });
const described = z.object({ KeyMetadata: z.object({ Arn: z.string(), KeySpec: z.string(), KeyState: z.string() }) });

/** The four calls of the KMS API (2014-11-01, JSON 1.1) that a keeper of KEKs needs. */
export class AwsKmsClient {
  constructor(private readonly send: AwsKmsTransport) {}

  /** @throws InterlockError CONFIG_INVALID unless `key` is a symmetric key that is enabled; DEPENDENCY_UNAVAILABLE */
  async check(key: string): Promise<void> {
    const { KeyMetadata: found } = described.parse(accepted(await this.#ask("DescribeKey", { KeyId: key })));
    const usable = found.Arn === key && found.KeySpec === "SYMMETRIC_DEFAULT" && found.KeyState === "Enabled";
    if (!usable) throw new InterlockError("CONFIG_INVALID", `KEK_FILE: keys: must be enabled and SYMMETRIC_DEFAULT, saw ${found.KeyState}`);
  }

  async encrypt(key: string, context: EncryptionContext, plaintext: Buffer): Promise<Buffer> {
    const request = { KeyId: key, EncryptionContext: context, Plaintext: plaintext.toString("base64") };
    const { CiphertextBlob, KeyId } = encrypted.parse(accepted(await this.#ask("Encrypt", request)));
    if (KeyId !== key) throw new InterlockError("INTERNAL", "KMS encrypted under another key than it was asked to");
    return Buffer.from(CiphertextBlob, "base64");
  }

  /** The plaintext, or undefined when ciphertext, key and context are not each other's. */
  async decrypt(key: string, context: EncryptionContext, ciphertext: Buffer): Promise<Buffer | undefined> {
    const request = { KeyId: key, EncryptionContext: context, CiphertextBlob: ciphertext.toString("base64") };
    const answer = await this.#ask("Decrypt", request);
    if (answer.status === 400 && NOT_AUTHENTIC.has(errorOf(answer))) return undefined;
    const { Plaintext, KeyId } = decrypted.parse(accepted(answer));
    return KeyId === key ? Buffer.from(Plaintext, "base64") : undefined;
  }

  /** Unusable from now on; KMS deletes the key itself after the shortest wait it allows, seven days. */
  async scheduleDeletion(key: string): Promise<void> {
    accepted(await this.#ask("ScheduleKeyDeletion", { KeyId: key.split("/").at(-1), PendingWindowInDays: 7 }));
  }

  async #ask(operation: string, body: object): Promise<AwsKmsAnswer> {
    try {
      return await this.send({ operation, body });
    } catch (cause) {
      throw away("does not answer", cause);
    }
  }
}

/** Some answers have the namespace in front: com.amazonaws.kms#NotFoundException. */
function errorOf({ body }: AwsKmsAnswer): string {
  const found = refused.safeParse(body);
  return found.success ? (found.data.__type.split("#").at(-1) ?? "") : "";
}

function accepted(answer: AwsKmsAnswer): unknown {
  if (answer.status === 200) return answer.body;
  throw away(`answered ${answer.status} ${errorOf(answer)}`.trimEnd());
}

function away(what: string, cause?: unknown): InterlockError {
  return new InterlockError("DEPENDENCY_UNAVAILABLE", `AWS KMS ${what}`, { details: { dependency: "kek" }, cause });
}
