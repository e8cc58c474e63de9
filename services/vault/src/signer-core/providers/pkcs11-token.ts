import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Pkcs11Config } from "./pkcs11-config.js";
import { loadPkcs11, type Pkcs11, type Pkcs11Constants } from "./pkcs11-library.js";

type Handle = Buffer;

const VERSION_BYTES = 4;
const TAG_BITS = 128;

/** A logged-in session with one token, and the AES keys in it by version. */
export class Pkcs11Token {
  readonly #constants: Pkcs11Constants = loadPkcs11();
  readonly #library: Pkcs11;
  #session: Handle | undefined;
  #keys = new Map<number, Handle>();

  constructor(private readonly config: Pkcs11Config) {
    // SoftHSM reads its configuration when it is initialised; the environment of signer-core is empty until here.
    Object.assign(process.env, config.environment);
    this.#library = new this.#constants.PKCS11();
    this.#library.load(config.module);
  }

  /** Versions seen in the token; empty while it is away. */
  versions(): readonly number[] {
    return [...this.#keys.keys()].toSorted((a, b) => a - b);
  }

  /** As `versions`, after connecting where that is necessary. @throws InterlockError DEPENDENCY_UNAVAILABLE */
  connect(): readonly number[] {
    return this.#inSession(() => this.versions());
  }

  /** AES-256-GCM inside the token. @throws InterlockError DEPENDENCY_UNAVAILABLE */
  encrypt(version: number, iv: Buffer, aad: Buffer, data: Buffer): Buffer {
    return this.#inSession((session, library) => {
      library.C_EncryptInit(session, this.#gcm(iv, aad), this.#key(version));
      return library.C_Encrypt(session, data, Buffer.alloc(data.length + TAG_BITS / 8));
    });
  }

  /** Undefined when the ciphertext is not authentic. @throws InterlockError DEPENDENCY_UNAVAILABLE */
  decrypt(version: number, iv: Buffer, aad: Buffer, data: Buffer, into: Buffer): Buffer | undefined {
    return this.#inSession((session, library) => {
      library.C_DecryptInit(session, this.#gcm(iv, aad), this.#key(version));
      try {
        return library.C_Decrypt(session, data, into);
      } catch (error) {
        // SoftHSM has one code for a wrong tag and for a broken token: only a round trip with the same key tells which it is.
        if (this.#works(session, version)) return undefined;
        throw error;
      }
    });
  }

  /** Makes a key that cannot be taken out of the token. */
  generate(version: number): void {
    const { CKM_AES_KEY_GEN, CKO_SECRET_KEY, CKK_AES, ...c } = this.#constants;
    this.#inSession((session, library) => {
      const key = library.C_GenerateKey(session, { mechanism: CKM_AES_KEY_GEN }, [
        { type: c.CKA_CLASS, value: CKO_SECRET_KEY },
        { type: c.CKA_KEY_TYPE, value: CKK_AES },
        { type: c.CKA_VALUE_LEN, value: 32 },
        { type: c.CKA_LABEL, value: this.config.keyLabel },
        { type: c.CKA_ID, value: idOf(version) },
        { type: c.CKA_TOKEN, value: true },
        { type: c.CKA_PRIVATE, value: true },
        { type: c.CKA_SENSITIVE, value: true },
        { type: c.CKA_EXTRACTABLE, value: false },
        { type: c.CKA_ENCRYPT, value: true },
        { type: c.CKA_DECRYPT, value: true },
      ]);
      this.#keys.set(version, key);
    });
  }

  destroy(version: number): void {
    this.#inSession((session, library) => {
      const key = this.#keys.get(version);
      if (key !== undefined) library.C_DestroyObject(session, key);
      this.#keys.delete(version);
    });
  }

  /** Ends the session and unloads the library; the next use begins anew. */
  close(): void {
    this.#session = undefined;
    this.#keys = new Map();
    try {
      this.#library.C_Finalize();
    } catch {
      // It was not initialised, or the token is gone: there is nothing left to end.
    }
  }

  /** One attempt, and after a failure a second one in a new session: the operations leave nothing behind when they fail. */
  #inSession<T>(work: (session: Handle, library: Pkcs11) => T): T {
    try {
      return work(this.#open(), this.#library);
    } catch (first) {
      if (first instanceof InterlockError && first.details.kekVersion !== undefined) throw first;
      this.close();
      try {
        return work(this.#open(), this.#library);
      } catch (cause) {
        if (cause instanceof InterlockError) throw cause;
        this.close();
        throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the HSM does not answer", { details: { dependency: "kek" }, cause });
      }
    }
  }

  #open(): Handle {
    if (this.#session !== undefined) return this.#session;
    const library = this.#library;
    const { CKF_RW_SESSION, CKF_SERIAL_SESSION, CKU_USER } = this.#constants;
    library.C_Initialize();
    const slot = library.C_GetSlotList(true).find((one) => library.C_GetTokenInfo(one).label.trim() === this.config.token);
    if (slot === undefined) {
      throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the HSM has no token of the configured name", { details: { dependency: "kek" } });
    }
    const session = library.C_OpenSession(slot, CKF_RW_SESSION | CKF_SERIAL_SESSION);
    library.C_Login(session, CKU_USER, this.config.pin);
    this.#session = session;
    this.#keys = this.#find(session);
    return session;
  }

  #find(session: Handle): Map<number, Handle> {
    const c = this.#constants;
    const found = new Map<number, Handle>();
    this.#library.C_FindObjectsInit(session, [
      { type: c.CKA_CLASS, value: c.CKO_SECRET_KEY },
      { type: c.CKA_LABEL, value: this.config.keyLabel },
    ]);
    for (const key of this.#library.C_FindObjects(session, 1_000)) {
      const [id] = this.#library.C_GetAttributeValue(session, key, [{ type: c.CKA_ID }]);
      if (Buffer.isBuffer(id?.value) && id.value.length === VERSION_BYTES) found.set(id.value.readUInt32BE(0), key);
    }
    this.#library.C_FindObjectsFinal(session);
    return found;
  }

  #key(version: number): Handle {
    const key = this.#keys.get(version);
    if (key !== undefined) return key;
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", `KEK version ${version} is not held by provider pkcs11`, {
      details: { dependency: "kek", kekVersion: version },
    });
  }

  #gcm(iv: Buffer, aad: Buffer) {
    const parameter = { type: this.#constants.CK_PARAMS_AES_GCM, iv, ivBits: iv.length * 8, aad, tagBits: TAG_BITS };
    return { mechanism: this.#constants.CKM_AES_GCM, parameter };
  }

  #works(session: Handle, version: number): boolean {
    try {
      const iv = Buffer.alloc(12, 0xff);
      const key = this.#key(version);
      this.#library.C_EncryptInit(session, this.#gcm(iv, Buffer.alloc(0)), key);
      const sealed = this.#library.C_Encrypt(session, Buffer.alloc(16), Buffer.alloc(32));
      this.#library.C_DecryptInit(session, this.#gcm(iv, Buffer.alloc(0)), key);
      return this.#library.C_Decrypt(session, sealed, Buffer.alloc(32)).length === 16;
    } catch {
      return false;
    }
  }
}

function idOf(version: number): Buffer {
  const id = Buffer.alloc(VERSION_BYTES);
  id.writeUInt32BE(version);
  return id;
}
