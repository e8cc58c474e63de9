import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { systemClock } from "#platform/kernel/clock.js";
import { parseTrust } from "#platform/service-auth/trust.js";
import { pinKeys } from "#platform/tickets/ticket-key.js";
import { FloorBook } from "../domain/sealing/floor-book.js";
import { AdmissionBook } from "./admission-book.js";
import { endAfterShell } from "./end-after-shell.js";
import { Hygiene } from "./hygiene.js";
import { KekGate } from "./kek/kek-gate.js";
import { Operators } from "./kek/operators.js";
import { UnsealBox } from "./kek/unseal-box.js";
import { createPolicyLibrary } from "./policy-library.js";
import { openProvider } from "./providers/open-provider.js";
import { serve } from "./serve.js";
import { whileAway } from "./while-away.js";

const argumentsSchema = z.strictObject({
  socket: z.string().min(1),
  "kek-file": z.string().min(1),
  "trust-file": z.string().min(1),
  "deployment-file": z.string().min(1),
  mode: z.enum(["production", "development"]).default("production"),
  /** Started by an orchestrator, not by the shell as its child. */
  "stand-alone": z.boolean().default(false),
});

/** A line on standard error for the shell's log: what kind of error, never its data. */
function report(error: unknown): void {
  const known = findInterlockError(error);
  const name = error instanceof Error ? error.name : "unknown";
  process.stderr.write(`${JSON.stringify({ level: "error", msg: "signer-core", code: known?.code ?? name, rule: known?.message })}\n`);
}

async function main(): Promise<void> {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const { values } = parseArgs({
    options: { socket: text, "kek-file": text, "trust-file": text, "deployment-file": text, mode: text, "stand-alone": flag },
  });
  const files = argumentsSchema.parse({ ...values });
  const { tickets, callers } = parseTrust(readFileSync(files["trust-file"], "utf8"));
  const standAlone = files["stand-alone"];
  const open = () => openProvider(() => readFileSync(files["kek-file"], "utf8"), files.mode);
  // The shell starts its child again within seconds; a kubelet may take minutes.
  const provider = await (standAlone ? whileAway(open, report) : open());
  const context = {
    clock: systemClock,
    provider,
    keks: new KekGate(provider),
    operators: new Operators(callers.operator?.keys ?? []),
    unsealBox: provider.unseal === undefined ? undefined : await UnsealBox.create(),
    policyKeys: pinKeys(tickets.policy?.keys ?? [], "policy"),
    permissionsKeys: pinKeys(tickets.permissions?.keys ?? [], "permissions"),
    library: createPolicyLibrary(readFileSync(files["deployment-file"], "utf8")),
    admissions: new AdmissionBook(systemClock),
    floors: new FloorBook(),
    hygiene: new Hygiene(globalThis.gc),
  };
  const server = await serve(files.socket, standAlone ? "group" : "user", context, report);
  process.stdout.write("ready\n");
  if (standAlone) endAfterShell(server);
  // The shell holds the other end of standard input: when it is gone, nobody may use this core any more.
  else process.stdin.on("end", () => process.exit(0)).resume();
}

main().catch((error: unknown) => {
  report(error);
  process.exit(1);
});
