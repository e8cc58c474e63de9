import { z } from "zod";
import type { Cluster } from "../cluster.js";
import type { Installation } from "../installation.js";
import type { OwnChain } from "./own-chain.js";

const NAME = "gateway-and-lifeline";
/** Port of lifeline's handler beside the gateway's own. */
const PORT = 8_081;
const template = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({ containers: z.tuple([z.object({ env: z.array(z.looseObject({ name: z.string() })) }).loose()]) }).loose(),
    }),
  }),
});

export interface ControlArm {
  /** The gateway's API and lifeline's, each at an address of its own: one process. */
  readonly gateway: string;
  readonly lifeline: string;
  remove(): Promise<void>;
}

/** A pod as the gateway's, with lifeline's handler in the same process, and as much CPU as the two have apart. It takes none of the gateway's requests: it is never ready. */
export async function startControlArm({ cluster, toolsImage }: Installation, chain: OwnChain, cpu: string): Promise<ControlArm> {
  const { spec } = template.parse(JSON.parse(await cluster.kubectl("get", "deployment", "interlock-gateway", "-o", "json")));
  const { metadata, spec: pod } = spec.template;
  const [container] = pod.containers;
  const lifeline = {
    HTTP_LISTEN: `0.0.0.0:${PORT}`,
    HEALTH_PORT: "0",
    LOG_LEVEL: "silent",
    RPC_URLS: chain.rpcUrl,
    EMERGENCY_RATE_LIMIT: "100000:100000",
    DEPLOYMENT_FILE: "/tmp/deployment.json",
  };
  await cluster.apply(opened(metadata.labels));
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: NAME, labels: { ...metadata.labels, app: NAME } },
    spec: {
      ...pod,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      readinessGates: [{ conditionType: "interlock.dev/never" }],
      containers: [
        {
          ...container,
          // It is not ended for being slow, nor waited for when it is removed.
          livenessProbe: undefined,
          lifecycle: undefined,
          image: toolsImage,
          command: ["node", "dist/test/support/overload/one-process.js"],
          env: [
            ...container.env,
            { name: "OVERLOAD_LIFELINE", value: JSON.stringify(lifeline) },
            { name: "OVERLOAD_DEPLOYMENT", value: chain.deployment },
          ],
          resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { cpu, memory: "512Mi" } },
        },
      ],
    },
  });
  await cluster.kubectl("wait", "--for=condition=ContainersReady", `pod/${NAME}`, "--timeout=180s");
  const address = await cluster.kubectl("get", "pod", NAME, "-o", "jsonpath={.status.podIP}");
  return {
    gateway: `http://${address}:8080`,
    lifeline: `http://${address}:${PORT}`,
    remove: () => removeAll(cluster),
  };
}

const removeAll = async (cluster: Cluster) => void (await cluster.kubectl("delete", `pod/${NAME}`, `networkpolicy/${NAME}`, "--wait=true"));

/** What the gateway's own rules do not let in and out: lifeline's port, and a chain. */
const opened = (labels: Readonly<Record<string, string>>) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: NAME, labels: { app: NAME } },
  spec: {
    podSelector: { matchLabels: { app: NAME, "app.kubernetes.io/instance": labels["app.kubernetes.io/instance"] ?? "interlock" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: [{ port: PORT, protocol: "TCP" }] }],
    egress: [{ ports: [{ port: 8_545, protocol: "TCP" }] }],
  },
});
