import { type Hex, keccak256 } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseBytes, parseBytes32 } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { packSignatures, recoverOwners } from "#platform/safe/owner-signatures.js";
import { policyToMessage } from "#platform/session-policy/policy-message.js";
import type { ConfirmGrantRequest, Session as SessionMessage } from "#proto/interlock/permissions/v1/permissions.js";
import { hex } from "../domain/policy-data.js";
import { isSession, type Session } from "../domain/session-state.js";
import { armEvidence } from "./arm-evidence.js";
import { eventActor } from "./caller.js";
import type { ArmTransaction, ChainReader } from "./chain-reader.js";
import { type CompiledGrant, recompile } from "./compile-grant.js";
import { sessionNotFound } from "./not-found.js";
import { originOf } from "./origin.js";
import type { VaultPeer } from "./peers.js";
import { visibleSession } from "./session-access.js";
import { sessionMessage } from "./session-message.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";
import type { SignatureStore } from "./signature-store.js";

export interface ConfirmGrantParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly vault: VaultPeer;
  readonly signatures: SignatureStore;
  readonly setting: ChainSetting;
  readonly clock: Clock;
  readonly requireWidening: () => void;
}

/** ARM: the grant is compiled anew, the chain is read, and only what both agree on is sealed and armed. The client is never believed. */
export class ConfirmGrant {
  constructor(private readonly parts: ConfirmGrantParts) {}

  /**
   * Confirming again is no error.
   * @throws InterlockError POLICY_MISMATCH when the chain armed anything else, CONFLICT while the transaction is not confirmed,
   * OWNER_SIGNATURE_INVALID when the owners' signatures are missing or wrong, GRANT_EXPIRED, NOT_FOUND, DEPENDENCY_UNAVAILABLE
   */
  async execute(request: ConfirmGrantRequest): Promise<SessionMessage> {
    const { stream, chain, vault, setting, clock, requireWidening } = this.parts;
    const { state, version } = await visibleSession(stream, request.sessionId);
    const transactionHash = parseBytes32("transaction_hash", request.transactionHash);
    if (state.phase === "armed") return sessionMessage(state, version, unixSeconds(clock));
    requireWidening();
    const compiled = recompile(state, setting);
    const transaction = await chain.armTransaction(transactionHash);
    const standing = await chain.standing(compiled.policy.safe, compiled.policyId, setting.confirmations);
    const log = armEvidence({ state, compiled, transaction, standing, confirmations: setting.confirmations });
    const signatures = await this.ownersSignatures(state, compiled, log.transaction, request.signatures);
    const sealed = await vault.sealFloor({
      keyRef: state.key.keyRef,
      document: compiled.document,
      policy: policyToMessage(compiled.policy),
      armNonce: state.grant.armNonce,
      armDeadline: String(state.grant.armDeadline),
      signatures,
    });
    if (sealed.policyId.toLowerCase() !== compiled.policyId) throw mismatch("the vault sealed another policy");
    const { blockNumber, blockHash, confirmations } = log.transaction;
    const arm = {
      kind: "arm",
      policyId: compiled.policyId,
      policyHash: compiled.policy.policyHash,
      transactionHash,
      blockNumber: String(blockNumber),
      blockHash,
      logIndex: log.logIndex,
      confirmations,
      floorHash: sealed.floorHash,
      ownerSignatureHash: keccak256(signatures),
      ownerSignatureKind: "safe-message",
      at: unixSeconds(clock),
    } as const;
    const result = await stream.run(state.key.sessionId, arm, originOf(state, eventActor()));
    if (!isSession(result.state)) throw sessionNotFound(state.key.sessionId);
    return sessionMessage(result.state, result.version, unixSeconds(clock));
  }

  /** The owners' signatures from wherever they are: collected here, sent along, or in the arming transaction's own calldata. */
  private async ownersSignatures(state: Session, compiled: CompiledGrant, transaction: ArmTransaction, sent: string): Promise<Hex> {
    const { owners, threshold, sessionId } = state.key;
    const collected = await this.parts.signatures.of(sessionId);
    const packed = collected.length >= threshold ? packSignatures(collected.slice(0, threshold)) : undefined;
    const signatures = sent === "" ? (packed ?? transaction.signatures) : parseBytes("signatures", sent, 65 * owners.length);
    if (signatures === undefined) {
      throw new InterlockError(
        "OWNER_SIGNATURE_INVALID",
        "the owners' signatures over the Arm message are needed: collect them or send them",
        {
          details: { collected: collected.length, threshold },
        },
      );
    }
    const signers = await recoverOwners(compiled.safeMessageHash, signatures);
    const strangers = signers.filter((signer) => !owners.includes(signer.toLowerCase()));
    if (strangers.length === 0 && signers.length >= threshold) return hex(signatures);
    throw new InterlockError("OWNER_SIGNATURE_INVALID", "the signatures are not enough owners' signatures over the Arm message", {
      details: { signers, threshold },
    });
  }
}

function mismatch(message: string): InterlockError {
  return new InterlockError("POLICY_MISMATCH", message);
}
