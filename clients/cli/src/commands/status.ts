import type { Command } from "commander";
import { contextOf } from "../context.js";

/** `interlock status`: conditions and capabilities of every service. */
export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("what works right now")
    .action(async (_options: unknown, command: Command) => {
      const { api, show } = contextOf(command);
      const status = await api.call("GET", "/v1/status");
      show(status, [JSON.stringify(status, undefined, 2)]);
    });
}
