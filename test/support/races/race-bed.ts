import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { systemClock } from "#platform/kernel/clock.js";
import { uuidV7Factory } from "#platform/kernel/ids.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { AuthorizeResponse, PermissionsServiceClient, Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { SignRequest, VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { Client } from "../e2e/client.js";
import { payees, payments } from "../e2e/documents.js";
import { transfer } from "../e2e/execution.js";
import { grant } from "../e2e/grant.js";
import { Impostor } from "../e2e/impostor.js";
import { newSafe, type OwnedSafe, USDC } from "../e2e/safe.js";
import { signIn } from "../e2e/sign-in.js";

/** Access tokens live 15 minutes. */
const TOKEN_AGE = 10 * 60_000;

type Permissions = GrpcClient<PermissionsServiceClient>;

/** What one client of a race asks for: an execution of its own with an intent of its own. */
export interface Ask {
  readonly executionId: string;
  readonly intent: Intent;
}

/** An owner with a Safe, and the RPCs the relay calls, called as fast as a race needs. */
export class RaceBed {
  readonly #ids = uuidV7Factory(systemClock);
  #nonce = 0;

  private constructor(
    readonly stack: Stack,
    private signedIn: { readonly client: Client; readonly at: number },
    private readonly safe: OwnedSafe,
    private readonly relay: Impostor,
    readonly permissions: Permissions,
    private readonly vault: GrpcClient<VaultServiceClient>,
  ) {}

  static async open(stack: Stack): Promise<RaceBed> {
    const safe = await newSafe(stack);
    const signedIn = { client: new Client(stack.gatewayUrl), at: 0 };
    const relay = new Impostor(stack, "relay");
    return new RaceBed(stack, signedIn, safe, relay, relay.client("permissions"), relay.client("vault"));
  }

  /** The owner, signed in; anew when the access token is about to end, as a long race outlives it. */
  async owner(): Promise<Client> {
    if (Date.now() - this.signedIn.at > TOKEN_AGE) {
      const anybody = new Client(this.stack.gatewayUrl);
      const { accessToken } = await signIn(anybody, this.safe.owners[0], this.safe.address);
      this.signedIn = { client: anybody.as(accessToken), at: Date.now() };
    }
    return this.signedIn.client;
  }

  /** An armed session as the relay sees it. */
  async session(limits: { readonly perWindow: bigint; readonly max: number }): Promise<Session> {
    const { sessionId } = await grant(this.stack, await this.owner(), this.safe, payments(this.stack.world, limits));
    return this.permissions.getSession({ sessionId }, { act: null });
  }

  /** A payment of ten that nobody asked for before. */
  ask(session: Session): Ask {
    this.#nonce += 1;
    const { chainId, module, policyId } = session;
    const action = transfer(this.stack.world.token, payees(this.stack.world)[0], 10n * USDC);
    const deadline = String(Math.floor(Date.now() / 1_000) + 100);
    return { executionId: this.#ids.next(), intent: { chainId, module, policyId, action, nonce: String(this.#nonce), deadline } };
  }

  authorize({ sessionId }: Session, { executionId, intent }: Ask, replica: Permissions = this.permissions): Promise<AuthorizeResponse> {
    return replica.authorize({ sessionId, executionId, intent, simulation: undefined }, { act: null, deadlineMs: 30_000 });
  }

  /** What the vault is asked with the tickets of an authorised execution. */
  signRequest({ intent }: Ask, { keyRef, decision, authorization }: AuthorizeResponse): SignRequest {
    return { keyRef, intent, decision, authorization };
  }

  async sign(request: SignRequest): Promise<string> {
    return (await this.vault.sign(request, { act: null, freshToken: true, deadlineMs: 30_000 })).signature;
  }

  /** DISARM by the owner, through the gateway; resolves with its acknowledgement. */
  async disarm({ sessionId }: Session): Promise<void> {
    const { status, body, text } = await (await this.owner()).post("/v1/session_keys/revoke", { sessionId, reason: "race" });
    if (status !== 200 || body.fence !== "done") throw new Error(`revoke answered ${status}: ${text}`);
  }

  close(): void {
    this.relay.close();
  }
}
