import { z } from "zod";
import { buildWorld, deploymentOf } from "../local/world.js";
import { createIfAbsent, kubeCall, ownNamespace } from "./kube-api.js";
import { publishWorld } from "./published-world.js";
import { required } from "./required.js";
import { waitForChain } from "./wait-for-chain.js";

// Puts the Safe's and Interlock's contracts on the development chain and says where they are, in a ConfigMap that the chart mounts.
const name = required("CONFIG_MAP");
const rpcUrl = required("RPC_URL");
const collection = `/api/v1/namespaces/${ownNamespace()}/configmaps`;
const client = await waitForChain(rpcUrl);

const known = await kubeCall("GET", `${collection}/${name}`);
if (known.status === 200 && (await standsOnChain(known.text))) {
  console.log("the contracts are there");
} else {
  const world = await buildWorld(rpcUrl);
  if (known.status === 200) await kubeCall("DELETE", `${collection}/${name}`);
  await createIfAbsent(collection, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels: { "app.kubernetes.io/managed-by": "interlock-development" } },
    data: { "deployment.json": JSON.stringify(deploymentOf(world, 1), undefined, 2), "world.json": publishWorld(world) },
  });
  console.log(`deployed; the session module is ${world.contracts.sessionModule}`);
}

/** A chain that lost its state has another world's addresses, or none. */
async function standsOnChain(text: string): Promise<boolean> {
  const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(JSON.parse(text));
  const { module } = z.object({ module: z.templateLiteral(["0x", z.string()]) }).parse(JSON.parse(data["deployment.json"] ?? "{}"));
  const code = await client.getCode({ address: module });
  return code !== undefined && code !== "0x";
}
