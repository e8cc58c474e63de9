import type { Clock } from "#platform/kernel/clock.js";
import { accountId } from "#platform/kernel/ids.js";
import { loggedOut } from "../domain/auth-events.js";
import type { EndReason, LoginRecord } from "../domain/login-record.js";
import type { LoginStore } from "./ports/login-store.js";
import type { Tx } from "./ports/tx.js";
import type { Recorder } from "./recorder.js";

/** Ends logins: from the commit on, no credential of theirs is good for anything. */
export class EndLogin {
  constructor(
    private readonly logins: LoginStore,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  end(login: LoginRecord, reason: EndReason): Promise<void> {
    return this.recorder.transaction((tx) => this.endIn(tx, login, reason));
  }

  /** The same inside a transaction; does nothing when the login had ended. */
  async endIn(tx: Tx, login: LoginRecord, reason: EndReason): Promise<void> {
    if (!(await this.logins.end(tx, login.id, reason, this.clock.now()))) return;
    const account = accountId(login.chainId, login.subject);
    const actor = reason === "logout" ? { type: "user" as const, id: login.subject } : { type: "service" as const, id: "auth" };
    await this.recorder.record(tx, account, loggedOut(account, login.id, reason), actor);
  }
}
