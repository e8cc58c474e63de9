import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { InterlockError } from "../../services/platform/src/errors/interlock-error.js";
import { intentDigest } from "../../services/platform/src/intent/intent-digest.js";
import type { OnchainPolicyStruct } from "../../services/platform/src/session-policy/onchain-policy.js";
import type {
  Authorization,
  PermissionsPort,
  SessionView,
  SettlementReport,
} from "../../services/relay/src/application/permissions-port.js";
import type { SignOrder, VaultPort } from "../../services/relay/src/application/vault-port.js";
import type { ReasonJson } from "../../services/relay/src/domain/execution-event.js";

export interface FakeSession {
  readonly sessionId: string;
  readonly account: Address;
  readonly chainId: number;
  readonly module: Address;
  readonly policyId: Hex;
  readonly policy: OnchainPolicyStruct;
}

/** Permissions that allow whatever the chain would, and keep what they are told. */
export class FakePermissions implements PermissionsPort {
  readonly settlements: SettlementReport[] = [];
  readonly reported: string[] = [];
  /** While true every call fails as if the service were away. */
  away = false;

  constructor(
    private readonly fake: FakeSession,
    private readonly onSettle: (report: SettlementReport) => Promise<void> = async () => {},
  ) {}

  async session(sessionId: string): Promise<SessionView> {
    this.#awake();
    if (sessionId !== this.fake.sessionId) throw new InterlockError("NOT_FOUND", "There is no such session");
    return {
      ...this.fake,
      chainId: BigInt(this.fake.chainId),
      state: "armed",
      proofsFor: (action) => (action.kind === "batch" ? action.calls.map(() => []) : [[]]),
    };
  }

  async authorize(_sessionId: string, executionId: string, _intent: object, simulation: ReasonJson | undefined): Promise<Authorization> {
    this.#awake();
    if (simulation !== undefined) return { allowed: false, reasons: [simulation], decisionId: `decision-${executionId}` };
    const tickets = { decision: "decision", authorization: "authorization", reservationId: `reservation-${executionId}` };
    return { allowed: true, ...tickets, keyRef: "key", decisionId: `decision-${executionId}` };
  }

  async settle(report: SettlementReport): Promise<void> {
    this.#awake();
    await this.onSettle(report);
    this.settlements.push(report);
  }

  async reportRevocation(_session: SessionView, detail: string): Promise<void> {
    this.#awake();
    this.reported.push(detail);
  }

  /** Outcomes told for one execution, in order. */
  outcomes(executionId: string): string[] {
    return this.settlements.filter((report) => report.executionId === executionId).map(({ outcome }) => outcome);
  }

  #awake(): void {
    if (this.away) throw new InterlockError("DEPENDENCY_UNAVAILABLE", "permissions is away");
  }
}

/** A vault that signs with a key of the test. */
export class FakeVault implements VaultPort {
  /** Thrown instead of a signature while set. */
  refusal: InterlockError | undefined;

  constructor(private readonly key: Hex) {}

  async sign({ intent }: SignOrder): Promise<{ readonly signature: Hex; readonly digest: Hex }> {
    if (this.refusal !== undefined) throw this.refusal;
    const digest = intentDigest(intent);
    return { signature: await privateKeyToAccount(this.key).sign({ hash: digest }), digest };
  }
}
