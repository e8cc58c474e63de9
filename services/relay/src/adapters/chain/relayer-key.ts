import { type Address, type Hex, keccak256, parseTransaction } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { Fees } from "../../domain/fees.js";
import type { SignedTransaction, TransactionKind } from "../pg/nonce-book.js";

/** What a transaction does, before it has a nonce and fees. */
export interface TransactionBody {
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
}

/** Gas of a plain transfer. */
const TRANSFER_GAS = 21_000n;

/** The operational key of one relayer EOA. It holds gas and nothing else, and signs EIP-1559 transactions locally. */
export class RelayerKey {
  readonly address: Address;
  readonly #account: PrivateKeyAccount;

  constructor(
    privateKey: Hex,
    private readonly chainId: number,
  ) {
    this.#account = privateKeyToAccount(privateKey);
    this.address = this.#account.address;
  }

  /** The raw transaction, not sent. */
  async sign(body: TransactionBody, nonce: bigint, fees: Fees, kind: TransactionKind): Promise<SignedTransaction> {
    const { maxFeePerGas, maxPriorityFeePerGas } = fees;
    const raw = await this.#account.signTransaction({ ...body, type: "eip1559", chainId: this.chainId, nonce: Number(nonce), ...fees });
    return { hash: keccak256(raw), raw, nonce, kind, maxFeePerGas, maxPriorityFeePerGas };
  }

  /** A transfer of nothing to itself, whose only effect is to use the nonce up. */
  signVoid(nonce: bigint, fees: Fees): Promise<SignedTransaction> {
    return this.sign({ to: this.address, data: "0x", gas: TRANSFER_GAS }, nonce, fees, "void");
  }
}

/** What an earlier transaction of ours did, to do the same again with other fees. */
export function bodyOf(raw: string): TransactionBody {
  const { to, data, gas } = parseTransaction(`0x${raw.slice(2)}`);
  if (to === undefined || to === null || gas === undefined)
    throw new Error("a transaction of the relayer always has a target and a gas limit");
  return { to, data: data ?? "0x", gas };
}
