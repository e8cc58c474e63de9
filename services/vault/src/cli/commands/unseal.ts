import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parseBytes } from "#platform/intent/field.js";
import { sealShare } from "../../signer-core/kek/unseal-box.js";
import { withVault } from "../operator-context.js";
import { parseShareText } from "../share-text.js";

/** `interlock-vault kek unseal` */
export function registerUnseal(kek: Command): void {
  kek
    .command("unseal")
    .description("give your share (from standard input); it leaves this process encrypted to the core's own key")
    .option("--core-key <hex>", "the core's key as its log shows it; without it the vault's shell is believed")
    .action((options: { coreKey?: string }, command: Command) =>
      withVault(command, async ({ admin, show }) => {
        const share = parseShareText(readFileSync(0, "utf8"));
        const { unsealKey, sealed } = await admin.kekStatus({});
        if (unsealKey === "") throw new Error("this vault's key ring is not opened with shares");
        if (options.coreKey !== undefined && options.coreKey !== unsealKey)
          throw new Error("the vault showed another core key than --core-key");
        if (!sealed) return show({ sealed }, ["the key ring is open already"]);
        const answer = await admin.unseal(await sealShare(parseBytes("unseal_key", unsealKey, 32), share));
        show(answer, [answer.sealed ? `${answer.sharesHave} of ${answer.sharesNeed} shares were given` : "the key ring is open"]);
      }),
    );
}
