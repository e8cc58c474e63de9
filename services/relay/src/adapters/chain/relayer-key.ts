import secp256k1 from "secp256k1";
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256, parseTransaction, serializeTransaction } from "viem";
import { privateKeyToAddress } from "viem/accounts";
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
  readonly #secret: Uint8Array;

  constructor(
    privateKey: Hex,
    private readonly chainId: number,
  ) {
    this.#secret = hexToBytes(privateKey);
    this.address = privateKeyToAddress(privateKey);
  }

  /** The raw transaction, not sent. libsecp256k1 signs ten times as fast as the curve in JavaScript: RFC 6979 nonce, low s (EIP-2). */
  async sign(body: TransactionBody, nonce: bigint, fees: Fees, kind: TransactionKind): Promise<SignedTransaction> {
    const { maxFeePerGas, maxPriorityFeePerGas } = fees;
    const transaction = {
      ...body,
      type: "eip1559",
      chainId: this.chainId,
      nonce: Number(nonce),
      maxFeePerGas,
      maxPriorityFeePerGas,
    } as const;
    const { signature, recid } = secp256k1.ecdsaSign(keccak256(serializeTransaction(transaction), "bytes"), this.#secret);
    const [r, s] = [bytesToHex(signature.subarray(0, 32)), bytesToHex(signature.subarray(32))];
    const raw = serializeTransaction(transaction, { r, s, yParity: recid });
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
