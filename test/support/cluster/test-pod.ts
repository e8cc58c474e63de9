/** A pod that a test starts, restricted as all others are. */
export interface TestPod {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly priorityClassName?: string;
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
}

/** Its manifest; the label `app` is its name. It is started once and ends at once when it is deleted. */
export function testPod({ name, image, command, env = {}, priorityClassName, requests = {} }: TestPod): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      securityContext: { runAsNonRoot: true, runAsUser: 10_002, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name,
          image,
          imagePullPolicy: "IfNotPresent",
          command,
          env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { requests },
        },
      ],
    },
  };
}
