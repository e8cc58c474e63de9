import type { LoginRecord } from "../domain/login-record.js";
import { secretHash } from "../domain/opaque-secret.js";
import type { EndLogin } from "./end-login.js";
import type { LoginStore } from "./ports/login-store.js";
import type { TokenSigner } from "./ports/token-signer.js";

/** Ends the login behind any of its credentials: cookie, refresh token or access token. Unknown ones are no error. */
export class Logout {
  constructor(
    private readonly logins: LoginStore,
    private readonly signer: TokenSigner,
    private readonly ending: EndLogin,
  ) {}

  async run(credential: string): Promise<void> {
    const login = await this.find(credential);
    if (login !== undefined) await this.ending.end(login, "logout");
  }

  private async find(credential: string): Promise<LoginRecord | undefined> {
    if (credential.includes(".")) {
      const claims = await this.signer.verify(credential);
      return claims.kind === "owner" ? this.logins.byId(claims.origin) : undefined;
    }
    const hash = secretHash(credential);
    return (await this.logins.byWebSession(hash)) ?? this.logins.byRefreshToken(hash);
  }
}
