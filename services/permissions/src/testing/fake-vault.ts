import { InterlockError } from "#platform/errors/interlock-error.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type {
  DisarmRequest,
  DisarmResponse,
  GenerateKeyRequest,
  GenerateKeyResponse,
  SealFloorRequest,
  SealFloorResponse,
} from "#proto/interlock/vault/v1/vault.js";
import type { VaultPeer } from "../application/peers.js";
import { KEY } from "./session.builder.js";

/** A vault that keeps no keys; it can be away. */
export class FakeVault implements VaultPeer {
  away = false;
  readonly sealed: SealFloorRequest[] = [];
  readonly disarmed: string[] = [];

  async generateKey({ sessionId }: GenerateKeyRequest): Promise<GenerateKeyResponse> {
    this.assertThere();
    const made = { publicKey: "0x04", address: KEY, kekVersion: "1", algorithm: "secp256k1", custody: "server", attestationKind: "none" };
    return { keyRef: `key-${sessionId}`, generation: "1", ...made };
  }

  async sealFloor(request: SealFloorRequest): Promise<SealFloorResponse> {
    this.assertThere();
    this.sealed.push(request);
    return { floorHash: "0xf1", policyId: policyId(policyFromMessage(request.policy)), alreadySealed: false };
  }

  async disarm({ keyRef }: DisarmRequest): Promise<DisarmResponse> {
    this.assertThere();
    this.disarmed.push(keyRef);
    return { status: "done", generation: "2", kekVersion: "1", rowsDestroyed: 1 };
  }

  private assertThere(): void {
    if (this.away) throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the vault is away");
  }
}
