import type { Command } from "commander";
import { sessionsAnswer } from "../answers.js";
import { contextOf } from "../context.js";

/** `interlock list`: sessions of an owner's accounts. */
export function registerList(program: Command): void {
  program
    .command("list <owner>")
    .description("sessions of the accounts that this owner or account address stands for")
    .action(async (owner: string, _options: unknown, command: Command) => {
      const { api, show } = contextOf(command);
      const { sessions } = sessionsAnswer.parse(await api.call("GET", `/v1/session_keys/list/${owner}`));
      show(
        sessions,
        sessions.map(({ sessionId, state, account }) => `${sessionId}  ${state.padEnd(9)}  ${account}`),
      );
    });
}
