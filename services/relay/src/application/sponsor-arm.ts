import { type Address, decodeFunctionData, encodeFunctionData, type Hex, keccak256 } from "viem";
import { requireCell } from "#platform/degradation/require-cell.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { parseAddress, parseBytes } from "#platform/intent/field.js";
import type { Actor } from "#platform/service-auth/actor.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import type { RelayerKey } from "../adapters/chain/relayer-key.js";
import type { Simulator } from "../adapters/chain/simulator.js";
import type { ExecutionStore } from "../adapters/pg/execution-store.js";
import { accountKey } from "../adapters/pg/execution-store.js";
import type { NonceBook } from "../adapters/pg/nonce-book.js";
import type { SlotReader } from "../adapters/pg/slot-reader.js";
import { chainReason } from "../domain/chain-reason.js";
import type { Broadcaster } from "./broadcaster.js";
import type { HeadState } from "./head-state.js";

const MAX_BYTES = 16_384;

export interface SponsorArmDeps {
  readonly chainId: bigint;
  readonly module: Address;
  readonly simulator: Simulator;
  readonly executions: ExecutionStore;
  readonly book: NonceBook;
  readonly slots: SlotReader;
  readonly key: RelayerKey;
  readonly head: HeadState;
  readonly broadcaster: Broadcaster;
  readonly capabilities: Pick<CapabilityRegistry, "held">;
}

export interface SponsorArmRequest {
  readonly account: string;
  readonly chainId: string;
  readonly calldata: string;
}

/** Pays for an owner-signed armWithSig: nothing else, for nobody else's account, and only if it would succeed. */
export class SponsorArm {
  constructor(private readonly deps: SponsorArmDeps) {}

  /** @returns hash of the transaction; the same one for the same calldata */
  async sponsor(actor: Actor, request: SponsorArmRequest): Promise<string> {
    const data = this.#checked(actor, request);
    const subject = keccak256(data);
    const before = await this.deps.slots.bySubject(subject);
    if (before !== undefined) return before;
    const { simulator, key, module, head, capabilities } = this.deps;
    // The relayer pays, as for a USE; an owner who pays by themselves arms without us.
    requireCell("useOpen", capabilities.held());
    const gas = await simulator.gas({ from: key.address, to: module, data });
    if (typeof gas !== "bigint") {
      const { code, message, actual } = chainReason(gas);
      throw new InterlockError("SIMULATION_FAILED", message, { details: { reason: code, chainError: actual } });
    }
    if (!head.canPay(gas)) throw new InterlockError("HELD", "the relayer cannot pay for gas now");
    return this.#send(data, gas, subject);
  }

  async #send(data: Hex, gas: bigint, subject: string): Promise<string> {
    const { executions, book, key, head, module, broadcaster } = this.deps;
    const transaction = await executions.events.withTransaction(async (tx) => {
      const nonce = await book.lease(tx, 1);
      const signed = await key.sign({ to: module, data, gas }, nonce, head.fees(), "arm");
      await book.insertSlots(tx, [{ transaction: signed, executionId: undefined, subject, deadline: undefined }], head.number);
      return signed;
    });
    await broadcaster.broadcast([{ executionId: undefined, transaction }]);
    return transaction.hash;
  }

  /** The calldata, when it is exactly armWithSig (canonically encoded) for an account of the caller on this chain. */
  #checked(actor: Actor, { account, chainId, calldata }: SponsorArmRequest): Hex {
    const address = parseAddress("account", account);
    const owned = actor.accounts.includes(accountKey({ chainId: this.deps.chainId.toString(), account: address }));
    if (chainId !== this.deps.chainId.toString() || !owned) throw new InterlockError("ACCOUNT_NOT_OWNED", "There is no such account");
    const data = parseBytes("calldata", calldata, MAX_BYTES);
    const safe = safeOfArm(data);
    if (safe?.toLowerCase() === address.toLowerCase()) return data;
    const rule = "must be armWithSig of the session module for this account";
    throw new InterlockError("VALIDATION_FAILED", `calldata: ${rule}`, { details: { field: "calldata", rule, value: data.slice(0, 10) } });
  }
}

function safeOfArm(data: Hex): Address | undefined {
  try {
    const call = decodeFunctionData({ abi: sessionModuleAbi, data });
    if (call.functionName !== "armWithSig") return undefined;
    const again = encodeFunctionData({ abi: sessionModuleAbi, functionName: "armWithSig", args: call.args });
    return again === data ? call.args[0].safe : undefined;
  } catch {
    return undefined;
  }
}
