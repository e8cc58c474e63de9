import type { Command } from "commander";
import type { KekStatusResponse, SignerCoreProcess } from "#proto/interlock/vault/v1/vault_admin.js";
import { withVault } from "../operator-context.js";
import { progressBar } from "../progress-bar.js";

/** `interlock-vault kek status` */
export function registerStatus(kek: Command): void {
  kek
    .command("status")
    .description("versions, how many keys need each, limits, seal state, the running rewrap, and what guards the core's memory")
    .action((_options: unknown, command: Command) =>
      withVault(command, async ({ admin, show }) => {
        const status = await admin.kekStatus({});
        show(status, lines(status));
      }),
    );
}

function lines(status: KekStatusResponse): readonly string[] {
  const { provider, attestationKind, versions, minDecryptVersion, destroyed, sealed, sharesHave, sharesNeed, rewrap, process } = status;
  return [
    `provider ${provider}, attestation ${attestationKind}`,
    ...(sealed ? [`SEALED: ${sharesHave} of ${sharesNeed} shares were given`] : []),
    ...versions.map(({ version, state, rows }) => `  version ${version}  ${state.padEnd(12)}  ${rows} keys`),
    `min_decrypt_version ${minDecryptVersion}${destroyed.length === 0 ? "" : `, destroyed: ${destroyed.join(", ")}`}`,
    ...(rewrap === undefined || rewrap.state === "none" ? [] : [`rewrap to ${rewrap.targetVersion}: ${progressBar(rewrap)}`]),
    ...(process === undefined ? [] : guards(process)),
  ];
}

/** What keeps others from signer-core's memory and socket, and what does not. */
function guards({ uid, peerCheck, coreDumps, lockedKilobytes, swap }: SignerCoreProcess): readonly string[] {
  const locked = lockedKilobytes > 0 ? `${lockedKilobytes} kB` : "no (Node has no call for it)";
  return [`signer-core: user ${uid}, core dumps ${coreDumps}, mlock ${locked}, swap ${swap}`, `  peer check: ${peerCheck}`];
}
