import type { Action, EmergencyCall } from "./calls.js";
import type { Chain, SignRequest, Standing } from "./chain.js";
import { refusal, requestJson } from "./json-request.js";

type Json = Readonly<Record<string, unknown>>;
const STATES = ["unknown", "pending", "mined", "failed"] as const;

async function ask(path: string, body?: unknown): Promise<Json> {
  const answer = await requestJson(path, body);
  if (answer.status >= 400) throw refusal(answer);
  return answer.body;
}

/** The chain as lifeline tells it: every node lifeline knows is asked at once. */
export const lifelineChain: Chain = {
  async check({ action }: EmergencyCall, account: string, owner: string): Promise<void> {
    await ask("emergency/prepare", { action, account, owner });
  },

  async sendRaw(raw: string): Promise<string> {
    return String((await ask("emergency/submit", { rawTransaction: raw })).transactionHash);
  },

  async standing(hash: string): Promise<Standing> {
    const { state, blockNumber } = await ask(`emergency/transactions/${hash}`);
    return { state: STATES.find((one) => one === state) ?? "unknown", blockNumber: String(blockNumber ?? "") };
  },

  async reach() {
    const { sponsors, mode, rpcs } = await ask("status");
    const up =
      Array.isArray(rpcs) && rpcs.some((rpc: unknown) => typeof rpc === "object" && rpc !== null && "up" in rpc && rpc.up === true);
    const calldataOnly = mode === "calldata" || mode === "outside";
    const words = up && calldataOnly ? "Send from your own wallet only: Interlock's chain nodes are not to be trusted now." : "";
    return { up: up && !calldataOnly, sponsors: sponsors === true, words };
  },

  async prepareSponsored(action: Action, account: string, owner: string): Promise<SignRequest> {
    const { sponsored } = await ask("emergency/prepare", { action, account, owner });
    const typedData: unknown = sponsored;
    if (typeof typedData !== "object" || typedData === null || !("message" in typedData)) throw new Error("lifeline gave nothing to sign");
    const message = Object.fromEntries(Object.entries(typedData.message ?? {}).map(([key, value]) => [key, String(value)]));
    const epoch = message.epoch === undefined ? {} : { epoch: Number(message.epoch) };
    return { typedData: { ...typedData, message }, deadline: Number(message.deadline), ...epoch };
  },

  async sponsor(action, account, { deadline, epoch }, signature) {
    const scope = action === "disarm_all" && epoch !== undefined ? { epoch } : {};
    const { transactionHash, transaction } = await ask("emergency/sponsor", { action, account, deadline, signature, ...scope });
    const data = typeof transaction === "object" && transaction !== null && "data" in transaction ? String(transaction.data) : "";
    return { data, ...(transactionHash === undefined ? {} : { hash: String(transactionHash) }) };
  },
};
