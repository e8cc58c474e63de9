import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { isLive, type LoginRecord } from "../domain/login-record.js";
import { csrfTokenHolds, csrfTokenOf, secretHash } from "../domain/opaque-secret.js";
import type { Principal } from "../domain/principal.js";
import { LastKnown } from "./last-known.js";
import type { Ownership } from "./ownership.js";
import type { AgentStore } from "./ports/agent-store.js";
import type { LoginStore } from "./ports/login-store.js";
import type { AccessClaims, TokenSigner } from "./ports/token-signer.js";

export interface Credential {
  readonly kind: "web" | "bearer";
  /** Cookie value or access token. */
  readonly credential: string;
}

export interface Presented extends Credential {
  readonly csrfToken: string;
  readonly unsafeMethod: boolean;
  readonly addsNoAuthority: boolean;
}

export interface Introspection {
  readonly principal: Principal;
  /** Web sessions only. */
  readonly csrfToken?: string;
}

/** Says who stands behind a credential. Reads the login's row each time: a logout counts at once. */
export class Introspect {
  private readonly lastKnown: LastKnown;

  constructor(
    private readonly logins: LoginStore,
    private readonly agents: AgentStore,
    private readonly signer: TokenSigner,
    private readonly ownership: Ownership,
    private readonly clock: Clock,
  ) {
    this.lastKnown = new LastKnown(clock);
  }

  /** @throws InterlockError UNAUTHENTICATED, SESSION_EXPIRED, CSRF_INVALID, DEPENDENCY_UNAVAILABLE */
  run(presented: Presented): Promise<Introspection> {
    return this.lastKnown.or(presented, () => this.ask(presented));
  }

  private async ask(presented: Presented): Promise<Introspection> {
    if (presented.kind === "bearer") return { principal: await this.bearer(presented) };
    const login = await this.loginOf(presented);
    if (presented.unsafeMethod && !csrfTokenHolds(presented.credential, presented.csrfToken)) {
      throw new InterlockError("CSRF_INVALID", "X-CSRF-Token: must be the token of this web session");
    }
    return { principal: await this.owner(login, login.expiresAt, presented.addsNoAuthority), csrfToken: csrfTokenOf(presented.credential) };
  }

  /** The live login behind an owner's credential. @throws InterlockError UNAUTHENTICATED, SESSION_EXPIRED, FORBIDDEN for an agent's token */
  async loginOf({ kind, credential }: Credential): Promise<LoginRecord> {
    if (kind === "web") return this.live(await this.logins.byWebSession(secretHash(credential)));
    const claims = await this.signer.verify(credential);
    if (claims.kind !== "owner") throw new InterlockError("FORBIDDEN", "an agent's credential may not do this");
    return this.live(await this.logins.byId(claims.origin));
  }

  /** The owner behind a login that was just opened or used. */
  ownerOf(login: LoginRecord): Promise<Principal> {
    return this.owner(login, login.expiresAt, false);
  }

  private async bearer(presented: Presented): Promise<Principal> {
    const claims = await this.signer.verify(presented.credential);
    if (claims.kind === "agent") return this.agent(claims);
    const login = this.live(await this.logins.byId(claims.origin));
    return this.owner(login, claims.expiresAt, presented.addsNoAuthority);
  }

  private async agent(claims: AccessClaims): Promise<Principal> {
    const agent = await this.agents.byId(claims.origin);
    if (agent === undefined || agent.revokedAt !== undefined)
      throw new InterlockError("SESSION_EXPIRED", "the agent credential was revoked");
    return {
      kind: "agent",
      subject: agent.id,
      chainId: Number(agent.account.split(":")[0]),
      accounts: [agent.account],
      sessionId: agent.sessionId,
      authMethod: "private_key_jwt",
      expiresAt: claims.expiresAt,
    };
  }

  private async owner(login: LoginRecord, expiresAt: Date, addsNoAuthority: boolean): Promise<Principal> {
    const accounts = await this.ownership.accountsOf(login, addsNoAuthority);
    return { kind: "owner", subject: login.subject, chainId: login.chainId, accounts, authMethod: login.method, expiresAt };
  }

  private live(login: LoginRecord | undefined): LoginRecord {
    if (login === undefined) throw new InterlockError("UNAUTHENTICATED", "the credential is not one of ours");
    if (!isLive(login, this.clock.now())) throw new InterlockError("SESSION_EXPIRED", "the login has ended");
    return login;
  }
}
