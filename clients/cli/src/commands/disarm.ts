import type { Command } from "commander";
import { revokeAnswer } from "../answers.js";
import { contextOf } from "../context.js";

/** `interlock disarm`: stop, at once. */
export function registerDisarm(program: Command): void {
  program
    .command("disarm <session>")
    .description("stop a session at once; prints the call that also revokes it on chain")
    .option("--reason <text>", "why, for the record", "owner's wish")
    .action(async (sessionId: string, { reason }: { reason: string }, command: Command) => {
      const { api, show } = contextOf(command);
      const answer = revokeAnswer.parse(await api.call("POST", "/v1/session_keys/revoke", { body: { sessionId, reason } }));
      show(answer, [
        `session ${sessionId} is ${answer.session.state}; key destruction: ${answer.fence}`,
        `to revoke it on chain too, send ${answer.calldata} to ${answer.to}`,
      ]);
    });
}
