import type { Clock } from "#platform/kernel/clock.js";
import { type AccountId, accountId, type IdFactory } from "#platform/kernel/ids.js";
import type { Random } from "#platform/kernel/random.js";
import type { AuditMarks } from "#platform/personal-data/audit-marks.js";
import { type LoginMarks, loginCompleted } from "../domain/auth-events.js";
import { LOGIN_LIMITS } from "../domain/login-limits.js";
import { type ContractProof, type LoginMode, type LoginRecord, loginExpiry } from "../domain/login-record.js";
import { csrfTokenOf, newSecret, secretHash } from "../domain/opaque-secret.js";
import type { LoginStore } from "./ports/login-store.js";
import type { TokenSigner } from "./ports/token-signer.js";
import type { Tx } from "./ports/tx.js";
import type { Recorder } from "./recorder.js";

export interface ProvenWallet {
  readonly mode: LoginMode;
  readonly chainId: number;
  readonly address: string;
  readonly method: LoginRecord["method"];
  readonly proof?: ContractProof;
  /** Nonce of the sign-in message. */
  readonly nonce: string;
}

export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent for agents: they sign a new assertion instead. */
  readonly refreshToken?: string;
  /** Seconds the access token lives. */
  readonly expiresIn: number;
}

/** What the caller gets to hold; nothing of it is stored in clear. */
export type LoginCredentials =
  | { readonly mode: "web"; readonly webSession: string; readonly csrfToken: string }
  | { readonly mode: "token"; readonly tokens: IssuedTokens };

/** Opens logins for wallets whose proof has been checked, and issues their tokens. */
export class OpenLogin {
  constructor(
    private readonly logins: LoginStore,
    private readonly signer: TokenSigner,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly ids: IdFactory,
    private readonly marks: AuditMarks | undefined,
  ) {}

  /** Stores the login with its event, in the transaction that consumed the nonce. */
  async open(tx: Tx, wallet: ProvenWallet): Promise<{ readonly login: LoginRecord; readonly credentials: LoginCredentials }> {
    const now = this.clock.now();
    const login: LoginRecord = {
      id: this.ids.next(),
      mode: wallet.mode,
      chainId: wallet.chainId,
      subject: wallet.address.toLowerCase(),
      method: wallet.method,
      createdAt: now,
      expiresAt: loginExpiry(wallet.mode, now),
      ...(wallet.proof === undefined ? {} : { proof: wallet.proof }),
    };
    const account: AccountId = accountId(login.chainId, login.subject);
    const credentials = login.mode === "web" ? await this.webSession(tx, login) : await this.tokenFamily(tx, login);
    const completed = loginCompleted(account, login, this.marksOf(wallet.nonce, credentials));
    await this.recorder.record(tx, account, completed, { type: "user", id: login.subject, authMethod: login.method });
    return { login, credentials };
  }

  /** A new pair of tokens for a login that lives. */
  async issue(tx: Tx, login: LoginRecord): Promise<IssuedTokens> {
    const refreshToken = newSecret(this.random);
    await this.logins.addRefreshToken(tx, login.id, secretHash(refreshToken), login.expiresAt);
    const now = this.clock.now().getTime();
    const expiresAt = new Date(Math.min(now + LOGIN_LIMITS.accessToken, login.expiresAt.getTime()));
    const accessToken = await this.signer.issue({ subject: login.subject, kind: "owner", origin: login.id, expiresAt });
    return { accessToken, refreshToken, expiresIn: Math.floor((expiresAt.getTime() - now) / 1000) };
  }

  private marksOf(nonce: string, credentials: LoginCredentials): LoginMarks {
    if (this.marks === undefined) return {};
    const token = credentials.mode === "web" ? credentials.webSession : credentials.tokens.refreshToken;
    const nonceMark = this.marks.mark("nonce", nonce);
    return token === undefined ? { nonceMark } : { nonceMark, tokenMark: this.marks.mark("token", token) };
  }

  private async webSession(tx: Tx, login: LoginRecord): Promise<LoginCredentials> {
    const webSession = newSecret(this.random);
    await this.logins.insert(tx, login, secretHash(webSession));
    return { mode: "web", webSession, csrfToken: csrfTokenOf(webSession) };
  }

  private async tokenFamily(tx: Tx, login: LoginRecord): Promise<LoginCredentials> {
    await this.logins.insert(tx, login);
    return { mode: "token", tokens: await this.issue(tx, login) };
  }
}
