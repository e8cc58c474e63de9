import { type Address, getAddress } from "viem";
import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import type { Clock } from "#platform/kernel/clock.js";
import { type AccountId, accountId, splitAccountId } from "#platform/kernel/ids.js";
import { accountLinked, accountUnlinked } from "../domain/auth-events.js";
import type { LoginRecord } from "../domain/login-record.js";
import { ownershipAge } from "../domain/ownership-age.js";
import type { EndLogin } from "./end-login.js";
import type { AccountLink, AccountStore } from "./ports/account-store.js";
import type { ChainReader } from "./ports/chain-reader.js";
import type { LoginStore } from "./ports/login-store.js";
import type { Recorder } from "./recorder.js";

/** Most accounts one wallet may link: service tokens carry them all. */
const MAX_LINKS = 63;

/** Which accounts a wallet owns: read from the chain, and read again when the reading is older than 15 minutes. */
export class Ownership {
  constructor(
    private readonly chain: ChainReader,
    private readonly accounts: AccountStore,
    private readonly logins: LoginStore,
    private readonly ending: EndLogin,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  /** @throws InterlockError ACCOUNT_NOT_OWNED, VALIDATION_FAILED when there are too many, DEPENDENCY_UNAVAILABLE */
  async link(login: LoginRecord, account: Address): Promise<void> {
    const id = accountId(login.chainId, account);
    const known = await this.accounts.linksOf(login.subject, login.chainId);
    if (known.length >= MAX_LINKS && !known.some((link) => link.account === id)) {
      throw new InterlockError("VALIDATION_FAILED", `account: at most ${MAX_LINKS} accounts per wallet`, {
        details: { field: "account", rule: `at most ${MAX_LINKS}`, value: account },
      });
    }
    if (!(await this.isOwner(login.subject, id))) throw notOwned(account);
    await this.recorder.transaction(async (tx) => {
      const { added } = await this.accounts.link(tx, login.subject, id, this.clock.now());
      if (!added) return;
      await this.recorder.record(tx, id, accountLinked(id, login.subject), { type: "user", id: login.subject, authMethod: login.method });
    });
  }

  /**
   * Accounts the login may see now. A contract account that signed in is one of them.
   * @param addsNoAuthority the request only reads or narrows: an older reading serves while the chain cannot be asked
   * @throws InterlockError SESSION_EXPIRED when the account no longer accepts the login's signature, DEPENDENCY_UNAVAILABLE
   */
  async accountsOf(login: LoginRecord, addsNoAuthority: boolean): Promise<readonly AccountId[]> {
    const self = await this.checkProof(login, addsNoAuthority);
    const links = await this.accounts.linksOf(login.subject, login.chainId);
    const owned = await Promise.all(links.map((link) => this.checkLink(login, link, addsNoAuthority)));
    return [...self, ...links.filter((link, i) => owned[i] && !self.includes(link.account)).map((link) => link.account)];
  }

  private async checkProof(login: LoginRecord, addsNoAuthority: boolean): Promise<readonly AccountId[]> {
    const { proof } = login;
    if (proof === undefined) return [];
    const verdict = await this.renew(proof.verifiedAt, addsNoAuthority, () =>
      this.chain.acceptsSignature(getAddress(login.subject), proof.messageHash, proof.signature),
    );
    if (verdict === "lost") {
      await this.ending.end(login, "ownership_lost");
      throw new InterlockError("SESSION_EXPIRED", "the account no longer accepts the signature of this login; sign in again");
    }
    if (verdict === "renewed") await this.logins.touchProof(login.id, { ...proof, verifiedAt: this.clock.now() });
    return [accountId(login.chainId, login.subject)];
  }

  private async checkLink(login: LoginRecord, link: AccountLink, addsNoAuthority: boolean): Promise<boolean> {
    const verdict = await this.renew(link.verifiedAt, addsNoAuthority, () => this.isOwner(login.subject, link.account));
    if (verdict === "renewed") await this.accounts.touch(login.subject, link.account, this.clock.now());
    if (verdict !== "lost") return true;
    await this.recorder.transaction(async (tx) => {
      await this.accounts.unlink(tx, login.subject, link.account);
      await this.recorder.record(tx, link.account, accountUnlinked(link.account, login.subject), { type: "service", id: "auth" });
    });
    return false;
  }

  private async renew(verifiedAt: Date, addsNoAuthority: boolean, ask: () => Promise<boolean>): Promise<"kept" | "renewed" | "lost"> {
    const age = ownershipAge(verifiedAt, this.clock.now());
    if (age === "fresh") return "kept";
    try {
      return (await ask()) ? "renewed" : "lost";
    } catch (error) {
      if (age === "due" && addsNoAuthority && hasCode(error, "DEPENDENCY_UNAVAILABLE")) return "kept";
      throw error;
    }
  }

  private async isOwner(wallet: string, account: AccountId): Promise<boolean> {
    const safe = await this.chain.safeOwners(getAddress(splitAccountId(account).address));
    return safe?.owners.some((owner) => owner.toLowerCase() === wallet) === true;
  }
}

function notOwned(account: Address): InterlockError {
  return new InterlockError("ACCOUNT_NOT_OWNED", "the account is no Safe, or the wallet is not one of its owners", {
    details: { field: "account", rule: "a Safe this wallet owns", value: account },
  });
}
