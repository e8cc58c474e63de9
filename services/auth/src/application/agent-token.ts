import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { checkAssertion } from "../domain/agent-assertion.js";
import { LOGIN_LIMITS } from "../domain/login-limits.js";
import { claimedCredential, verifyAssertionSignature } from "./assertion-signature.js";
import type { IssuedTokens } from "./open-login.js";
import type { AgentStore } from "./ports/agent-store.js";
import type { TokenSigner } from "./ports/token-signer.js";

/** Exchanges an agent's signed assertion (RFC 7523, `private_key_jwt`) for a 5-minute access token. */
export class AgentToken {
  constructor(
    private readonly agents: AgentStore,
    private readonly signer: TokenSigner,
    /** The one audience assertions are made for: the public URL of the token endpoint. */
    private readonly audience: string,
    private readonly clock: Clock,
  ) {}

  /** @throws InterlockError CREDENTIAL_INVALID, TOKEN_REPLAYED when the assertion was used before */
  async run(assertion: string): Promise<IssuedTokens> {
    const agent = await this.agents.byId(claimedCredential(assertion));
    if (agent === undefined || agent.revokedAt !== undefined) {
      throw new InterlockError("CREDENTIAL_INVALID", "the credential is unknown or revoked");
    }
    const claims = await verifyAssertionSignature(assertion, agent.publicKey);
    const now = this.clock.now();
    const { jti, expiresAt } = checkAssertion(claims, agent.id, this.audience, now);
    if (!(await this.agents.useAssertion(agent.id, jti, expiresAt))) {
      throw new InterlockError("TOKEN_REPLAYED", "assertion: jti was used before", { details: { field: "jti", rule: "used once" } });
    }
    const accessToken = await this.signer.issue({
      subject: agent.id,
      kind: "agent",
      origin: agent.id,
      expiresAt: new Date(now.getTime() + LOGIN_LIMITS.agentToken),
    });
    return { accessToken, expiresIn: LOGIN_LIMITS.agentToken / 1000 };
  }
}
