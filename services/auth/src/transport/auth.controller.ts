import { Controller, Inject } from "@nestjs/common";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { requireActor } from "#platform/grpc/request-context.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { NeedsActor } from "#platform/service-auth/needs-actor.decorator.js";
import {
  type AgentCredential,
  type AgentTokenRequest,
  type AuthServiceController,
  AuthServiceControllerMethods,
  type CreateNonceResponse,
  type ErasePersonalDataRequest,
  type ErasePersonalDataResponse,
  type IntrospectRequest,
  type LinkAccountRequest,
  type LogoutRequest,
  type LogoutResponse,
  type MarkOfRequest,
  type MarkOfResponse,
  type Principal,
  type RefreshRequest,
  type RegisterAgentRequest,
  type RevokeAgentRequest,
  type RevokeAgentResponse,
  type Tokens,
  type VerifyLoginRequest,
  type VerifyLoginResponse,
} from "#proto/interlock/auth/v1/auth.js";
import { AUTH_USE_CASES, type AuthUseCases } from "../application/use-cases.js";
import { agentMessage, introspectionMessage, loginMessage, tokensMessage } from "./messages.js";
import {
  parseAddress,
  parseChainId,
  parseCredential,
  parseCredentialId,
  parseMarkedKind,
  parseMode,
  parseSignature,
} from "./parse-request.js";

/** The RPCs of auth. Only gateway calls them; those about agents on behalf of a signed-in owner. */
@Controller()
@AuthServiceControllerMethods()
@Callers("gateway")
export class AuthController implements AuthServiceController {
  constructor(@Inject(AUTH_USE_CASES) private readonly auth: AuthUseCases) {}

  @Serves("login")
  async createNonce(): Promise<CreateNonceResponse> {
    const { nonce, expiresAt } = await this.auth.createNonce.run();
    return { nonce, expiresAt: expiresAt.toISOString() };
  }

  @Serves("login")
  async verifyLogin(request: VerifyLoginRequest): Promise<VerifyLoginResponse> {
    const result = await this.auth.verifyLogin.run({
      message: request.message,
      signature: parseSignature(request.signature),
      mode: parseMode(request.mode),
      ...(request.owner === "" ? {} : { owner: parseAddress("owner", request.owner) }),
    });
    const principal = result.status === "complete" ? await this.auth.introspect.ownerOf(result.login) : undefined;
    return loginMessage(result, principal);
  }

  @Serves("login")
  async refresh({ refreshToken }: RefreshRequest): Promise<Tokens> {
    return tokensMessage(await this.auth.refreshTokens.run(refreshToken));
  }

  async logout({ credential }: LogoutRequest): Promise<LogoutResponse> {
    await this.auth.logout.run(credential);
    return {};
  }

  async introspect(request: IntrospectRequest): Promise<Principal> {
    const { csrfToken, unsafeMethod, addsNoAuthority } = request;
    return introspectionMessage(await this.auth.introspect.run({ ...parseCredential(request), csrfToken, unsafeMethod, addsNoAuthority }));
  }

  @Serves("login")
  async linkAccount(request: LinkAccountRequest): Promise<Principal> {
    const account = parseAddress("account", request.account);
    const login = await this.auth.introspect.loginOf(parseCredential(request));
    if (request.chainId !== String(login.chainId)) {
      throw new InterlockError("VALIDATION_FAILED", `chainId: must be the chain of the login, ${login.chainId}`, {
        details: { field: "chainId", rule: String(login.chainId), value: request.chainId.slice(0, 100) },
      });
    }
    await this.auth.ownership.link(login, account);
    return introspectionMessage({ principal: await this.auth.introspect.ownerOf(login) });
  }

  @NeedsActor("owner")
  @Serves("arm")
  async registerAgent(request: RegisterAgentRequest): Promise<AgentCredential> {
    return agentMessage(await this.auth.agents.register(requireActor(), request));
  }

  @Serves("login")
  async agentToken({ assertion }: AgentTokenRequest): Promise<Tokens> {
    return tokensMessage(await this.auth.agentToken.run(assertion));
  }

  @NeedsActor("owner")
  async revokeAgent({ credentialId }: RevokeAgentRequest): Promise<RevokeAgentResponse> {
    await this.auth.agents.revoke(requireActor(), parseCredentialId(credentialId));
    return {};
  }

  @NeedsActor("owner")
  async erasePersonalData({ chainId }: ErasePersonalDataRequest): Promise<ErasePersonalDataResponse> {
    const { sub } = requireActor();
    return { keysDestroyed: (await this.auth.personalData?.erase(sub, parseChainId(chainId), sub)) ?? 0 };
  }

  @NeedsActor("owner")
  async markOf({ kind, value }: MarkOfRequest): Promise<MarkOfResponse> {
    const { marks } = this.auth;
    if (marks === undefined) throw new InterlockError("NOT_FOUND", "events name no nonces and tokens here: AUDIT_SALT is not set");
    return { mark: marks.mark(parseMarkedKind(kind), value) };
  }
}
