import { type Command, InvalidArgumentError } from "commander";
import type { RewrapProgress } from "#proto/interlock/vault/v1/vault_admin.js";
import { type OperatorContext, withVault } from "../operator-context.js";
import { progressBar } from "../progress-bar.js";

const LOOK_EVERY_MS = 250;

/** `interlock-vault kek rewrap` */
export function registerRewrap(kek: Command): void {
  kek
    .command("rewrap")
    .description("wrap every key under the active version while signing goes on; ends when it is done")
    .option("--rate <rows>", "most rows a second (default: the vault's)", rate, 0)
    .option("--pause", "pause the running rewrap; started again it goes on where it was", false)
    .option("--no-wait", "start it and do not wait")
    .option("--min-decrypt", "refuse every older version once it is done", false)
    .action((options: { rate: number; pause: boolean; wait: boolean; minDecrypt: boolean }, command: Command) =>
      withVault(command, async (context) => {
        const { admin, show } = context;
        const started = options.pause ? await admin.pauseRewrap({}) : await admin.startRewrap({ rowsPerSecond: options.rate });
        if (started.progress === undefined) throw new Error("the vault gave no progress");
        const progress = options.pause || !options.wait ? started.progress : await follow(context, started.progress);
        const done = progress.state === "done" && options.minDecrypt;
        const limits = done ? await admin.setMinDecryptVersion({ version: progress.targetVersion }) : undefined;
        show({ ...progress, ...limits }, [
          progressBar(progress),
          ...(limits === undefined ? [] : [`min_decrypt_version ${limits.minDecryptVersion}`]),
        ]);
      }),
    );
}

async function follow({ admin, json }: OperatorContext, first: RewrapProgress): Promise<RewrapProgress> {
  let progress = first;
  while (progress.state === "running") {
    if (!json && process.stderr.isTTY) process.stderr.write(`\r${progressBar(progress)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { rewrap } = await admin.kekStatus({});
    if (rewrap !== undefined) progress = rewrap;
  }
  if (!json && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return progress;
}

function rate(text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("must be 1 to 999999");
}
