import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ResultRow } from "../../../deploy/local/results/result-file.js";
import type { SignRequest } from "../../../services/platform/gen/interlock/vault/v1/vault.js";
import { SessionBed } from "../../../services/vault/test/support/session-bed.js";
import { processCpu } from "./process-cpu.js";
import type { VaultProcess } from "./vault-process.js";

const IN_FLIGHT = 32;
const SESSIONS = 16;
const ROUNDS = 3;
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

/** CPU of shell and core per Sign against CPU of a server per Echo; Postgres is apart. */
export async function rpcRows(vault: VaultProcess, calls: number): Promise<readonly ResultRow[]> {
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => SessionBed.armed(vault, NO_COUNT)));
  const echo = fork(fileURLToPath(new URL("./echo-server.js", import.meta.url)), {
    env: { ...process.env, ...vault.environment, GRPC_LISTEN: "127.0.0.1:0" },
  });
  const [{ port }] = (await once(echo, "message")) as [{ port: number }];
  const echoRelay = vault.relayOf(port);
  const ratios: number[] = [];
  let [signCpu, echoCpu] = [0, 0];
  for (let round = -1; round < ROUNDS; round += 1) {
    const requests: SignRequest[] = [];
    for (let i = 0; i < calls / ROUNDS; i += 1) {
      const session = sessions[i % SESSIONS];
      if (session !== undefined) requests.push(await session.signRequest({ amount: 1n }));
    }
    const core = vault.corePid();
    const ours = () => processCpu(vault.shellPid) + processCpu(core);
    const beforeSign = ours();
    await all(requests, (request) => vault.relay.sign(request, { freshToken: true }));
    const sign = (ours() - beforeSign) / requests.length;
    const beforeEcho = processCpu(echo.pid ?? 0);
    await all(requests, (request) => echoRelay.sign(request, { freshToken: true }));
    const empty = (processCpu(echo.pid ?? 0) - beforeEcho) / requests.length;
    if (round < 0) continue;
    ratios.push(sign / empty);
    [signCpu, echoCpu] = [sign, empty];
  }
  echo.kill();
  const value = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
  const note = `Sign ${signCpu.toFixed(0)} us in shell and core, Echo ${echoCpu.toFixed(0)} us; Postgres apart, durable settings asserted`;
  return [{ name: "sign_rpc_ratio", value, unit: "ratio", bar: 5, rounds: ROUNDS, note }];
}

async function all<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
