import type { EventStore } from "#platform/event-store/event-store.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import type { Random } from "#platform/kernel/random.js";
import type { AuditMarks } from "#platform/personal-data/audit-marks.js";
import type { SignInRules } from "../domain/check-sign-in.js";
import { AgentToken } from "./agent-token.js";
import { Agents } from "./agents.js";
import { CollectSafeLogin } from "./collect-safe-login.js";
import { CreateNonce } from "./create-nonce.js";
import { EndLogin } from "./end-login.js";
import { Introspect } from "./introspect.js";
import { Logout } from "./logout.js";
import { OpenLogin } from "./open-login.js";
import { Ownership } from "./ownership.js";
import { PersonalData } from "./personal-data.js";
import type { AccountStore } from "./ports/account-store.js";
import type { AgentStore } from "./ports/agent-store.js";
import type { ChainReader } from "./ports/chain-reader.js";
import type { CollectionStore } from "./ports/collection-store.js";
import type { LoginStore } from "./ports/login-store.js";
import type { NonceStore } from "./ports/nonce-store.js";
import type { SubjectKeys } from "./ports/subject-keys.js";
import type { TokenSigner } from "./ports/token-signer.js";
import { Recorder } from "./recorder.js";
import { RefreshTokens } from "./refresh-tokens.js";
import { VerifyLogin } from "./verify-login.js";

/** What the use cases stand on. */
export interface AuthParts {
  readonly rules: SignInRules;
  /** Audience of agents' assertions. */
  readonly tokenEndpoint: string;
  readonly events: EventStore;
  readonly nonces: NonceStore;
  readonly logins: LoginStore;
  readonly collections: CollectionStore;
  readonly accounts: AccountStore;
  readonly agents: AgentStore;
  readonly chain: ChainReader;
  readonly signer: TokenSigner;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdFactory;
  /** Without it no personal data gets into events. */
  readonly personal: { readonly keys: SubjectKeys; readonly secret: Buffer } | undefined;
  /** Without it events do not name nonces and tokens at all. */
  readonly marks: AuditMarks | undefined;
}

export type AuthUseCases = ReturnType<typeof authUseCases>;

/** Injection token of `AuthUseCases`. */
export const AUTH_USE_CASES = Symbol("auth:use-cases");

/** Wires the use cases together; connects to nothing. */
export function authUseCases(parts: AuthParts) {
  const { nonces, logins, collections, accounts, chain, signer, clock, random, ids, marks } = parts;
  const recorder = new Recorder(parts.events, ids);
  const opener = new OpenLogin(logins, signer, recorder, clock, random, ids, marks);
  const { agents } = parts;
  const personalData = parts.personal === undefined ? undefined : new PersonalData({ ...parts.personal, agents, recorder, random });
  const ending = new EndLogin(logins, recorder, clock);
  const safes = new CollectSafeLogin(chain, nonces, collections, opener, recorder, clock);
  const ownership = new Ownership(chain, accounts, logins, ending, recorder, clock);
  return {
    createNonce: new CreateNonce(nonces, clock, random),
    verifyLogin: new VerifyLogin(parts.rules, nonces, chain, opener, safes, recorder, clock),
    refreshTokens: new RefreshTokens(logins, opener, ending, recorder, clock),
    logout: new Logout(logins, signer, ending),
    introspect: new Introspect(logins, parts.agents, signer, ownership, clock),
    ownership,
    agents: new Agents(agents, recorder, clock, ids, personalData),
    personalData,
    marks,
    agentToken: new AgentToken(parts.agents, signer, parts.tokenEndpoint, clock),
  };
}
