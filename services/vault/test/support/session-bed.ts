import { randomUUID } from "node:crypto";
import { type Address, encodeFunctionData, type Hex, parseAbi } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { intentDigest } from "#platform/intent/intent-digest.js";
import { packSignatures } from "#platform/safe/owner-signatures.js";
import { safeMessageTypedData } from "#platform/safe/safe-message.js";
import { armDigest } from "#platform/session-policy/arm-digest.js";
import { canonicalDocument } from "#platform/session-policy/canonical.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { type OnchainPolicyStruct, policyId } from "#platform/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { ACCOUNT, ALICE, draftDocument, MODULE, PROTOCOLS, USDC } from "#platform/session-policy/policy-document.builder.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import { issueAuthorization } from "#platform/tickets/authorization-ticket.js";
import type { AuthorizationContent, DecisionContent } from "#platform/tickets/claims.js";
import { issueDecision } from "#platform/tickets/decision-ticket.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { GenerateKeyResponse, SealFloorRequest, SignRequest } from "#proto/interlock/vault/v1/vault.js";
import type { VaultBed } from "./vault-bed.js";

/** What a session needs of a vault and its neighbours. */
export interface SigningBed {
  readonly permissions: Pick<VaultBed["permissions"], "generateKey" | "sealFloor">;
  readonly relay: Pick<VaultBed["relay"], "sign">;
  readonly tickets: VaultBed["tickets"];
}

export const nowSeconds = () => Math.floor(Date.now() / 1000);
const ERC20 = parseAbi(["function transfer(address to,uint256 amount)"]);

/** Calldata of a transfer. */
export const transfer = (to: Address, amount: bigint): Hex =>
  encodeFunctionData({ abi: ERC20, functionName: "transfer", args: [to, amount] });

export interface SignOptions {
  readonly nonce?: bigint;
  readonly amount?: bigint;
  readonly intent?: Partial<Intent>;
  readonly decision?: Partial<DecisionContent>;
  readonly authorization?: Partial<AuthorizationContent>;
  readonly jtis?: { readonly decision: string; readonly authorization: string };
}

/** A session as its owners, permissions and policy see it; each helper does what an honest neighbour would, `over` makes it lie. */
export class SessionBed {
  readonly sessionId = randomUUID();
  #nonce = 0n;

  private constructor(
    readonly bed: SigningBed,
    readonly owners: readonly PrivateKeyAccount[],
    readonly threshold: number,
  ) {}

  key: GenerateKeyResponse = {
    keyRef: "",
    publicKey: "",
    address: "",
    kekVersion: "",
    algorithm: "",
    custody: "",
    attestationKind: "",
    generation: "",
  };
  document = "";

  /** GENERATE with fresh owners. */
  static async generate(bed: SigningBed, owners = 1, threshold = 1): Promise<SessionBed> {
    const accounts = Array.from({ length: owners }, () => privateKeyToAccount(generatePrivateKey()));
    const session = new SessionBed(bed, accounts, threshold);
    session.key = await bed.permissions.generateKey({
      sessionId: session.sessionId,
      account: ACCOUNT,
      chainId: "31337",
      owners: accounts.map(({ address }) => address),
      threshold,
      module: MODULE,
    });
    session.document = session.draft();
    return session;
  }

  /** GENERATE and ARM. */
  static async armed(bed: SigningBed, over: Readonly<Record<string, unknown>> = {}): Promise<SessionBed> {
    const session = await SessionBed.generate(bed);
    session.document = session.draft(over);
    await bed.permissions.sealFloor(await session.sealRequest());
    return session;
  }

  draft(over: Readonly<Record<string, unknown>> = {}): string {
    const notBefore = nowSeconds() - 1_000;
    return canonicalDocument(parsePolicyDocument(JSON.stringify(draftDocument({ notBefore, notAfter: notBefore + 86_400, ...over }))));
  }

  policy(document = this.document): OnchainPolicyStruct {
    const options = { key: this.address, epoch: 0, rulesBefore: nowSeconds() - 5_000, protocols: PROTOCOLS };
    return compilePolicy(parsePolicyDocument(document), { ...options, rulesBefore: 1_700_000_000 }).policy;
  }

  get address(): Address {
    return `0x${this.key.address.slice(2)}`;
  }

  /** What permissions sends at ARM, signed by `signers` (default: as many owners as are needed). */
  async sealRequest(
    signers: readonly PrivateKeyAccount[] = this.owners.slice(0, this.threshold),
    document = this.document,
  ): Promise<SealFloorRequest> {
    const policy = this.policy(document);
    const deadline = BigInt(nowSeconds() + 3_600);
    const digest = armDigest({ chainId: 31337n, module: MODULE, policy, armNonce: 7n, deadline });
    const typed = safeMessageTypedData({ safe: ACCOUNT, chainId: 31337n, message: digest });
    const signatures = await Promise.all(
      signers.map(async (owner) => ({ owner: owner.address, signature: await owner.signTypedData(typed) })),
    );
    return {
      keyRef: this.key.keyRef,
      document,
      policy: policyToMessage(policy),
      armNonce: "7",
      armDeadline: String(deadline),
      signatures: packSignatures(signatures),
    };
  }

  intent({ nonce = this.#nonce++, amount = 1_000_000n, intent = {} }: SignOptions = {}): Intent {
    return {
      chainId: "31337",
      module: MODULE,
      policyId: policyId(this.policy()),
      action: { call: { to: USDC, value: "0", data: transfer(ALICE, amount) } },
      nonce: String(nonce),
      deadline: String(nowSeconds() + 100),
      ...intent,
    };
  }

  /** A request with honest tickets for `intent`, but for what `options` overrides. */
  async signRequest(options: SignOptions = {}, intent = this.intent(options)): Promise<SignRequest> {
    const { policyHash } = this.policy();
    const executionId = randomUUID();
    const digest = intentDigest(intent);
    const common = { executionId, sessionId: this.sessionId, policyHash, policyId: policyId(this.policy()), digest };
    const decision = { ...common, decisionId: randomUUID(), outcome: "allow" as const, evaluatorVersion: "test" };
    const authorization = {
      ...common,
      authorizationId: randomUUID(),
      keyRef: this.key.keyRef,
      generation: this.key.generation,
      account: ACCOUNT,
      chainId: "31337",
      module: MODULE,
      nonce: intent.nonce,
      deadline: intent.deadline,
      spends: [{ token: USDC, amount: String(options.amount ?? 1_000_000n) }],
      operations: 1,
    };
    const { tickets } = this.bed;
    const now = nowSeconds();
    const jtis = options.jtis ?? { decision: randomUUID(), authorization: randomUUID() };
    return {
      keyRef: this.key.keyRef,
      intent,
      decision: await issueDecision({ ...decision, ...options.decision }, { key: tickets.policy, jti: jtis.decision, now }),
      authorization: await issueAuthorization(
        { ...authorization, ...options.authorization },
        { key: tickets.permissions, jti: jtis.authorization, now },
      ),
    };
  }

  /** Signs as relay would. */
  sign(request: SignRequest) {
    return this.bed.relay.sign(request, { freshToken: true });
  }
}
