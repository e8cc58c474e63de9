import { Inject, Injectable } from "@nestjs/common";
import { type Address, type Hex, isAddressEqual, keccak256 } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import { RpcFleet } from "../adapters/rpc-fleet.js";
import { type EmergencyAction, encodeEmergencyCall } from "../domain/emergency-call.js";
import { type Destination, type EmergencyTransaction, readEmergencyTransaction } from "../domain/emergency-transaction.js";
import { requireForwarding } from "../domain/path-mode.js";
import { closeAllTypedData, disarmAllTypedData, disarmTypedData, type TypedDataPayload } from "../domain/typed-data.js";
import { simulate } from "./simulate.js";

export const DESTINATION = Symbol("Destination");
export const CLOCK = Symbol("Clock");
export const HELD = Symbol("Held");

export interface PrepareRequest {
  readonly action: EmergencyAction;
  readonly account: Address;
  readonly owner: Address;
  /** Wei for execution fees of a close; what no position needs comes back in the same transaction. */
  readonly value?: bigint | undefined;
  readonly policyId?: Hex;
}

/** How long an owner's signature for a sponsored close is good, in seconds. */
const SIGNATURE_LIFETIME = 3_600;

/** The emergency path: it makes and forwards what the owner signs, and holds no key of its own. */
@Injectable()
export class EmergencyService {
  constructor(
    @Inject(RpcFleet) private readonly chain: RpcFleet,
    @Inject(DESTINATION) private readonly destination: Destination,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HELD) private readonly capabilities: Pick<CapabilityRegistry, "held">,
  ) {}

  /** Calldata for every emergency action on `account`; needs no chain, so it is right with every RPC dead. */
  calldata(account: Address) {
    const { module: to, chainId } = this.destination;
    const entry = (action: EmergencyAction) => ({ action, to, value: "0", data: encodeEmergencyCall(action, account), chainId });
    return { account, chainId, module: to, calls: [entry("close_all"), entry("disarm_all")] };
  }

  /**
   * The unsigned transaction for the owner's wallet, and the typed data for a close that somebody else pays for.
   * @throws InterlockError CONDITION while an operator wants calldata only, FORBIDDEN when `owner` does not own the account, SIMULATION_FAILED, DEPENDENCY_UNAVAILABLE.
   */
  async prepare(request: PrepareRequest) {
    requireForwarding(this.capabilities.held());
    const { action, account, owner, policyId } = request;
    const value = feeOf(request, this.destination.maxValue);
    const call = { to: this.destination.module, data: encodeEmergencyCall(action, account, policyId), value };
    await this.requireOwner(account, owner);
    await simulate(this.chain, owner, call);
    const fees = await this.chain.feesFor(owner, call);
    return {
      transaction: {
        type: "0x2",
        chainId: this.destination.chainId,
        from: owner,
        to: call.to,
        data: call.data,
        value: value.toString(),
        nonce: fees.nonce,
        gas: ((fees.gas * 12n) / 10n).toString(),
        maxFeePerGas: fees.maxFeePerGas.toString(),
        maxPriorityFeePerGas: fees.maxPriorityFeePerGas.toString(),
      },
      sponsored: await this.typedData(action, account, policyId),
    };
  }

  /**
   * Forwards a signed transaction to every RPC after taking it apart.
   * @throws InterlockError VALIDATION_FAILED, FUNCTION_NOT_ALLOWED, FORBIDDEN, SIMULATION_FAILED, DEPENDENCY_UNAVAILABLE.
   */
  async submit(raw: Hex) {
    requireForwarding(this.capabilities.held());
    const transaction = await readEmergencyTransaction(raw, this.destination);
    if (transaction.authority === "sender") await this.requireOwner(transaction.account, transaction.sender);
    const { sender, data, value } = transaction;
    await simulate(this.chain, sender, { to: this.destination.module, data, value });
    const { hash, accepted } = await this.chain.broadcast(raw, keccak256(raw));
    return { transactionHash: hash, acceptedBy: accepted.length, ...summary(transaction) };
  }

  /** Where a transaction stands, by its hash. @throws InterlockError DEPENDENCY_UNAVAILABLE */
  transaction(hash: Hex) {
    return this.chain.standingOf(hash);
  }

  private async typedData(action: EmergencyAction, account: Address, policyId?: Hex): Promise<TypedDataPayload> {
    const deadline = Math.floor(this.clock.now().getTime() / 1000) + SIGNATURE_LIFETIME;
    const scope = { chainId: this.destination.chainId, module: this.destination.module, account, deadline };
    if (action === "disarm" && policyId !== undefined) return disarmTypedData(scope, policyId);
    const epoch = await this.chain.epochOf(this.destination.module, account);
    return action === "close_all" ? closeAllTypedData(scope, epoch) : disarmAllTypedData(scope, epoch);
  }

  /** The owners of a Safe. @throws InterlockError UNSUPPORTED_ACCOUNT when there is none at `account`, DEPENDENCY_UNAVAILABLE */
  async ownersOf(account: Address): Promise<readonly Address[]> {
    return this.chain.ownersOf(account).catch((error: unknown) => {
      if (error instanceof InterlockError) throw error;
      throw new InterlockError("UNSUPPORTED_ACCOUNT", `account: ${account} is no Safe on chain ${this.destination.chainId}`, {
        details: { field: "account", value: account },
        cause: error,
      });
    });
  }

  private async requireOwner(account: Address, sender: Address): Promise<void> {
    const owners = await this.ownersOf(account);
    if (owners.some((owner) => isAddressEqual(owner, sender)) || isAddressEqual(account, sender)) return;
    throw new InterlockError("FORBIDDEN", `${sender} does not own ${account}`, { details: { field: "owner", value: sender } });
  }
}

/** @throws InterlockError VALIDATION_FAILED when a disarm carries value, or a close more than this service forwards. */
function feeOf({ action, value = 0n }: PrepareRequest, maxValue: bigint): bigint {
  const rule = action === "close_all" ? `must be at most ${maxValue} wei` : "must be 0 for a disarm";
  if (value <= (action === "close_all" ? maxValue : 0n)) return value;
  throw new InterlockError("VALIDATION_FAILED", `value: ${rule}, saw ${value}`, {
    details: { field: "value", rule, value: String(value) },
  });
}

function summary({ action, account, authority, sender }: EmergencyTransaction) {
  return { action, account, authority, sender };
}
