import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { secretHash } from "../domain/opaque-secret.js";
import { decideRotation } from "../domain/refresh-rotation.js";
import type { EndLogin } from "./end-login.js";
import type { IssuedTokens, OpenLogin } from "./open-login.js";
import type { LoginStore } from "./ports/login-store.js";
import type { Recorder } from "./recorder.js";

/** Rotates refresh tokens; a token that comes twice ends its family. */
export class RefreshTokens {
  constructor(
    private readonly logins: LoginStore,
    private readonly opener: OpenLogin,
    private readonly ending: EndLogin,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  /** @throws InterlockError UNAUTHENTICATED (unknown), SESSION_EXPIRED, REFRESH_REUSED */
  async run(refreshToken: string): Promise<IssuedTokens> {
    const hash = secretHash(refreshToken);
    const outcome = await this.recorder.transaction(async (tx) => {
      const now = this.clock.now();
      const token = await this.logins.lockRefreshToken(tx, hash);
      const decision = decideRotation(token, now);
      if (decision.kind === "refuse" || token === undefined) return decision;
      if (decision.kind === "end_family") {
        await this.ending.endIn(tx, token.login, decision.reason);
        return decision;
      }
      await this.logins.markRefreshUsed(tx, hash, now);
      return this.opener.issue(tx, token.login);
    });
    // Thrown outside: the end of the family has to be committed.
    if (!("kind" in outcome)) return outcome;
    if (outcome.kind === "end_family") throw new InterlockError("REFRESH_REUSED", "the refresh token was used before; sign in again");
    if (outcome.kind === "refuse") throw new InterlockError(outcome.code, "the refresh token is not valid");
    throw new InterlockError("INTERNAL", "a rotation was decided and not made");
  }
}
