import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { encodeFunctionData, erc20Abi, getAddress } from "viem";
import { executionAnswer } from "../answers.js";
import { contextOf } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { followExecution, succeeded } from "../follow-execution.js";

interface ExecOptions {
  readonly to?: string;
  readonly value: string;
  readonly data: string;
  readonly transfer?: string;
  readonly adapter?: string;
  readonly args?: string;
  readonly wait: boolean;
  readonly final: boolean;
  readonly timeout: string;
  readonly idempotencyKey?: string;
}

function transferCall(text: string) {
  const [token, to, amount] = text.split(":");
  if (token === undefined || to === undefined || amount === undefined || !/^[0-9]+$/.test(amount)) {
    throw new InvalidArgumentError("--transfer: must be TOKEN:RECIPIENT:AMOUNT, the amount in the token's smallest unit");
  }
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [getAddress(to), BigInt(amount)] });
  return { call: { to: getAddress(token), value: "0", data } };
}

function actionOf(options: ExecOptions) {
  if (options.transfer !== undefined) return transferCall(options.transfer);
  if (options.adapter !== undefined) return { adapter: { adapter: options.adapter, args: options.args ?? "0x" } };
  if (options.to === undefined) throw new InvalidArgumentError("say what to do: --transfer, --to or --adapter");
  return { call: { to: options.to, value: options.value, data: options.data } };
}

/** `interlock exec`: uses a session once. */
export function registerExec(program: Command): void {
  program
    .command("exec <session>")
    .description("use a session: one call of the account")
    .option("--transfer <token:to:amount>", "ERC-20 transfer, amount in the smallest unit")
    .option("--to <address>", "target of a call")
    .option("--value <wei>", "native value of the call", "0")
    .option("--data <hex>", "calldata of the call", "0x")
    .option("--adapter <address>", "adapter of a typed call")
    .option("--args <hex>", "calldata of the adapter's typed function")
    .option("--no-wait", "return as soon as it is accepted")
    .option("--final", "wait until it is confirmed, not only mined", false)
    .option("--timeout <seconds>", "how long to wait", "90")
    .option("--idempotency-key <key>", "repeat safely: the same key gives the same execution")
    .action(async (sessionId: string, options: ExecOptions, command: Command) => {
      const { api, show } = contextOf(command);
      const headers = { "idempotency-key": options.idempotencyKey ?? randomUUID() };
      const body = { sessionId, action: actionOf(options) };
      const accepted = executionAnswer.parse(await api.call("POST", "/v1/executions", { body, headers }));
      if (!options.wait) return show(accepted, [`execution ${accepted.executionId} is ${accepted.state}`]);
      const until = options.final ? "final" : "mined";
      const done = await followExecution(api, accepted.executionId, until, Number(options.timeout) * 1000);
      const reasons = done.reasons.map(({ code, message }) => `  ${code}: ${message}`);
      show(done, [`execution ${done.executionId} is ${done.state} ${done.transactionHash}`, ...reasons]);
      if (!succeeded(done)) process.exitCode = EXIT.refused;
    });
}
