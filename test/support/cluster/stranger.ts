import type { Cluster } from "./cluster.js";

/** A pod in the namespace that is no part of Interlock, restricted like all others. Resolves to its name once it runs. */
export async function startStranger(cluster: Cluster, image: string): Promise<string> {
  const manifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "stranger", labels: { app: "stranger" } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10_002, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "stranger",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["node", "-e", "setInterval(() => {}, 1000)"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
  await cluster.apply(manifest);
  await cluster.kubectl("wait", "--for=condition=Ready", "pod/stranger", "--timeout=120s");
  return "stranger";
}
