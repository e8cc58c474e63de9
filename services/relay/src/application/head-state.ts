import { type Fees, initialFees } from "../domain/fees.js";

/** What the relay knows of the chain's newest block; shared by everything in the process, filled by the head watcher. */
export class HeadState {
  number = 0n;
  /** Unix seconds. */
  time = 0n;
  baseFee = 0n;
  priorityFee = 0n;
  /** The sender's wei; undefined before it was read. */
  balance: bigint | undefined;

  constructor(
    private readonly feeCeiling: bigint,
    private readonly reserve: bigint,
  ) {}

  /** Today's fees for a new transaction. */
  fees(): Fees {
    return initialFees(this.baseFee, this.priorityFee, this.feeCeiling);
  }

  /** False when paying `gas` would touch the reserve that automation must leave alone. */
  canPay(gas: bigint): boolean {
    return this.balance === undefined || this.balance - gas * this.fees().maxFeePerGas >= this.reserve;
  }
}
