import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { type AccountId, accountId, type IdFactory, parseSessionId } from "#platform/kernel/ids.js";
import type { Actor } from "#platform/service-auth/actor.js";
import { parseAgentKey } from "../domain/agent-key.js";
import { AGENT_REGISTERED, agentRegistered, agentRevoked } from "../domain/auth-events.js";
import type { PersonalData } from "./personal-data.js";
import type { AgentRecord, AgentStore } from "./ports/agent-store.js";
import type { Recorder } from "./recorder.js";

export interface AgentRegistration {
  readonly sessionId: string;
  readonly account: string;
  readonly chainId: string;
  /** Ed25519 public key as JWK JSON text. */
  readonly publicJwk: string;
  readonly label: string;
}

const LABEL = /^[\p{L}\p{N} ._:@/-]{1,64}$/u;

/** Credentials of agents: an owner registers an agent's public key for one session, and takes it away. */
export class Agents {
  constructor(
    private readonly agents: AgentStore,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
    private readonly ids: IdFactory,
    private readonly personal: Pick<PersonalData, "sealed"> | undefined,
  ) {}

  /** @throws InterlockError VALIDATION_FAILED, NOT_FOUND when the account is not the actor's */
  async register(actor: Actor, request: AgentRegistration): Promise<AgentRecord> {
    const account = accountId(toChainId(request.chainId), request.account);
    const publicKey = parseAgentKey(request.publicJwk);
    if (!LABEL.test(request.label)) throw badLabel(request.label);
    requireAccount(actor, account);
    const agent: AgentRecord = {
      id: this.ids.next(),
      sessionId: parseSessionId(request.sessionId),
      account,
      owner: actor.sub,
      publicKey,
      label: request.label,
      createdAt: this.clock.now(),
    };
    const facts = { credentialId: agent.id, sessionId: agent.sessionId, owner: agent.owner };
    await this.recorder.transaction(async (tx) => {
      await this.agents.insert(tx, agent);
      // What an owner calls an agent may name a person.
      const pii = await this.personal?.sealed(tx, agent.owner, AGENT_REGISTERED, { label: agent.label });
      await this.recorder.record(tx, account, agentRegistered(account, facts, pii), { type: "user", id: actor.sub });
    });
    return agent;
  }

  /** Revoking twice is no error. @throws InterlockError NOT_FOUND for an unknown or foreign credential */
  async revoke(actor: Actor, credentialId: string): Promise<void> {
    const agent = await this.agents.byId(credentialId);
    if (agent === undefined) throw notFound();
    requireAccount(actor, agent.account);
    await this.recorder.transaction(async (tx) => {
      if (!(await this.agents.revoke(tx, agent.id, this.clock.now()))) return;
      const facts = { credentialId: agent.id, sessionId: agent.sessionId };
      await this.recorder.record(tx, agent.account, agentRevoked(agent.account, facts), { type: "user", id: actor.sub });
    });
  }
}

function requireAccount(actor: Actor, account: AccountId): void {
  if (actor.kind !== "owner") throw new InterlockError("FORBIDDEN", "only an owner manages agent credentials");
  if (!actor.accounts.includes(account)) throw notFound();
}

const notFound = () => new InterlockError("NOT_FOUND", "there is no such thing, or it is not yours");

function badLabel(label: string): InterlockError {
  return new InterlockError("VALIDATION_FAILED", "label: must be 1 to 64 letters, digits, blanks or . _ : @ / -", {
    details: { field: "label", rule: LABEL.source, value: label.slice(0, 100) },
  });
}

function toChainId(text: string): bigint {
  if (/^[1-9][0-9]{0,19}$/.test(text)) return BigInt(text);
  throw new InterlockError("VALIDATION_FAILED", "chainId: must be a positive decimal number", {
    details: { field: "chainId", rule: "a positive decimal number", value: text.slice(0, 100) },
  });
}
