import type { Address } from "viem";
import type { Condition } from "#platform/health/condition.js";
import { developmentAccount } from "../../../../deploy/local/world.js";
import { type Fault, Outage } from "../faults.js";
import { Heartbeat, type Protocol } from "../heartbeat.js";
import type { Installation } from "../installation.js";
import type { LadderBed } from "./ladder-bed.js";

const RELAYER_ACCOUNT = 7;

/** One thing that is taken away and given back. */
export interface Rung {
  readonly name: string;
  readonly condition: Condition;
  readonly faults: readonly (Fault | "emptied")[];
  /** Takes it away; resolves once a probe has shown that it is. */
  start(fault: Fault | "emptied"): Promise<void>;
  end(): Promise<void>;
}

interface Watched {
  /** Service in whose pod the heartbeat runs: one that may reach it. */
  readonly from: string;
  readonly protocol: Protocol;
  readonly port: number;
}

function rung(
  { cluster }: Installation,
  name: string,
  condition: Condition,
  at: readonly [workload: string, selector: string],
  watched: Watched,
  faults: readonly Fault[] = ["killed", "refused", "blackholed"],
): Rung {
  const outage = new Outage(cluster, ...at);
  return {
    name,
    condition,
    faults,
    async start(fault) {
      if (fault === "emptied") throw new Error(`${name} cannot be emptied`);
      if (fault === "killed") return outage.start(fault);
      const [pod] = await cluster.pods(watched.from);
      const heart = await Heartbeat.from(cluster, pod?.metadata.name ?? "", watched.protocol, await outage.address(), watched.port);
      await outage.start(fault);
      await (fault === "refused" ? heart.isRefused() : heart.isBlackholed());
      heart.stop();
    },
    end: () => outage.end(),
  };
}

const dependency = (name: string) => [`statefulset/dev-deps-${name}`, `app.kubernetes.io/name=${name}`] as const;
const service = (name: string) => [`deployment/interlock-${name}`, `app.kubernetes.io/component=${name}`] as const;

/**
 * Everything that can be taken away, one rung per condition. The chain is cut off and never killed: a development node that dies forgets
 * its last blocks, which no chain does. `signer` is vault, policy or relay.
 */
export function rungs(installed: Installation, bed: LadderBed, signer: "vault" | "policy" | "relay"): readonly Rung[] {
  const { client } = bed.way.world;
  const relayer: Address = developmentAccount(RELAYER_ACCOUNT).address;
  let kept: bigint | undefined;
  const health = { from: "gateway", protocol: "http", port: 9_090 } as const;
  const setBalance = (wei: bigint) => rpc(bed.way.chainUrl, "anvil_setBalance", [relayer, `0x${wei.toString(16)}`]);
  return [
    rung(installed, "event log", "KafkaDown", dependency("kafka"), { from: "permissions", protocol: "kafka", port: 9_092 }),
    rung(installed, "database", "DbDown", dependency("postgres"), { from: "permissions", protocol: "postgres", port: 5_432 }),
    rung(installed, "chain", "RpcDegraded", dependency("anvil"), { from: "permissions", protocol: "http", port: 8_545 }, [
      "refused",
      "blackholed",
    ]),
    rung(installed, signer, "SignerDown", service(signer), health),
    {
      name: "relayer's gas",
      condition: "PaymasterEmpty",
      faults: ["emptied"],
      async start() {
        kept = await client.getBalance({ address: relayer });
        await setBalance(0n);
      },
      async end() {
        if (kept !== undefined) await setBalance(kept);
        kept = undefined;
      },
    },
  ];
}

async function rpc(url: string, method: string, params: readonly unknown[]): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const text = await answer.text();
  if (text.includes('"error"')) throw new Error(`${method}: ${text}`);
}
