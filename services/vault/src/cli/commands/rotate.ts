import type { Command } from "commander";
import { withVault } from "../operator-context.js";

/** `interlock-vault kek rotate` */
export function registerRotate(kek: Command): void {
  kek
    .command("rotate")
    .description("make a newer version active: the one an operator put into the mounted secret, or a new key in the HSM")
    .action((_options: unknown, command: Command) =>
      withVault(command, async ({ admin, show }) => {
        const answer = await admin.rotateKek({});
        show(answer, [`version ${answer.activeVersion} is active; now: interlock-vault kek rewrap`]);
      }),
    );
}
