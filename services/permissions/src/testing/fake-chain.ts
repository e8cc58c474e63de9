import type { Address } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { AccountFacts, ArmTransaction, ChainReader, Standing } from "../application/chain-reader.js";

/** A chain that says what it was told to; it can be away. */
export class FakeChain implements ChainReader {
  away = false;
  facts: AccountFacts = { owners: [], threshold: 1, nonce: 3n, moduleEnabled: true, epoch: 0 };
  stands: Standing = { armed: true, revoked: false, epoch: 0, moduleEnabled: true, blockNumber: 9n };
  transaction: ArmTransaction | undefined;

  async account(_safe: Address): Promise<AccountFacts> {
    this.assertThere();
    return this.facts;
  }

  async standing(): Promise<Standing> {
    this.assertThere();
    return this.stands;
  }

  async armTransaction(): Promise<ArmTransaction | undefined> {
    this.assertThere();
    return this.transaction;
  }

  private assertThere(): void {
    if (this.away) throw new InterlockError("DEPENDENCY_UNAVAILABLE", "no RPC answers");
  }
}
