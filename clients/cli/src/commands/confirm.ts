import type { Command } from "commander";
import { sessionAnswer } from "../answers.js";
import { contextOf } from "../context.js";

/** `interlock confirm`: the server reads the chain and arms the session. */
export function registerConfirm(program: Command): void {
  program
    .command("confirm <session>")
    .description("have the server read the arming transaction from the chain and arm the session")
    .requiredOption("--tx <hash>", "the arming transaction")
    .action(async (sessionId: string, { tx }: { tx: string }, command: Command) => {
      const { api, show } = contextOf(command);
      const body = { sessionId, transactionHash: tx };
      const session = sessionAnswer.parse(await api.call("POST", "/v1/session_keys/grant/confirm", { body }));
      show(session, [`session ${session.sessionId} is ${session.state}`]);
    });
}
