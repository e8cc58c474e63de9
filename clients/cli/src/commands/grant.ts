import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { getAddress, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { z } from "zod";
import { draftAnswer, sponsorAnswer } from "../answers.js";
import { type Context, contextOf } from "../context.js";

interface GrantOptions {
  readonly policy: string;
  readonly account: string;
  readonly chain: string;
  readonly preset?: string;
  readonly signWith?: readonly string[];
  readonly sponsor: boolean;
}

type Draft = z.infer<typeof draftAnswer>;

/** Adds one owner's signature over the Safe message; the grant is armed once there are enough. */
async function sign({ api }: Context, draft: Draft, keyFile: string): Promise<Draft> {
  const owner = privateKeyToAccount(readFileSync(keyFile, "utf8").trim() as Hex);
  const signature = await owner.sign({ hash: draft.safeMessageHash });
  const path = `/v1/session_keys/${draft.sessionId}/signatures`;
  return draftAnswer.parse(await api.call("POST", path, { body: { owner: owner.address, signature } }));
}

function describe(draft: Draft): string[] {
  const warnings = draft.warnings.map(({ message, code }) => `warning: ${message || code}`);
  return [
    `session ${draft.sessionId}`,
    `policy  ${draft.policyHash}`,
    "",
    draft.summary,
    "",
    ...warnings,
    `signatures: ${draft.signatures.length} of ${draft.threshold}`,
  ];
}

/** `interlock grant`: drafts a grant, shows it in plain English, signs it when told to, and has it armed on chain. */
export function registerGrant(program: Command): void {
  program
    .command("grant")
    .description("draft a session from a policy document; with --sign-with also sign it, with --sponsor have it armed on chain")
    .requiredOption("--policy <file>", "session-policy/v1 document (JSON)")
    .requiredOption("--account <address>", "the Safe")
    .option("--chain <id>", "chain of the Safe", "31337")
    .option("--preset <name>", "validity from now on: 1h, 24h or 7d")
    .option("--sign-with <files...>", "owners' private key files")
    .option("--sponsor", "ask the relay to send the arming transaction", false)
    .action(async (options: GrantOptions, command: Command) => {
      const context = contextOf(command);
      const document: unknown = JSON.parse(readFileSync(options.policy, "utf8"));
      const body = { account: getAddress(options.account), chainId: Number(options.chain), document };
      const request = options.preset === undefined ? body : { ...body, preset: options.preset };
      const headers = { "idempotency-key": randomUUID() };
      let draft = draftAnswer.parse(await context.api.call("POST", "/v1/session_keys/grant", { body: request, headers }));
      for (const file of options.signWith ?? []) draft = await sign(context, draft, file);
      if (!options.sponsor) return context.show(draft, describe(draft));
      const path = `/v1/session_keys/${draft.sessionId}/sponsor-arm`;
      const { transactionHash } = sponsorAnswer.parse(
        await context.api.call("POST", path, { body: { calldata: draft.armWithSigCalldata } }),
      );
      context.show({ ...draft, transactionHash }, [...describe(draft), `arming transaction ${transactionHash}`]);
    });
}
