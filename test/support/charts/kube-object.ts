import { z } from "zod";

const labels = z.record(z.string(), z.string());
const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const containerSchema = z
  .object({
    name: z.string(),
    image: z.string(),
    imagePullPolicy: z.string().optional(),
    command: z.array(z.string()).default([]),
    env: z.array(z.object({ name: z.string(), value: z.string().optional() }).loose()).default([]),
    resources: z.object({ requests: quantities.default({}), limits: quantities.default({}) }).optional(),
    securityContext: z.record(z.string(), z.unknown()).default({}),
    startupProbe: z.unknown().optional(),
    readinessProbe: z.unknown().optional(),
    livenessProbe: z.unknown().optional(),
  })
  .loose();
export type Container = z.infer<typeof containerSchema>;

export const podSpecSchema = z
  .object({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).default([]),
    serviceAccountName: z.string().optional(),
    automountServiceAccountToken: z.boolean().optional(),
    priorityClassName: z.string().optional(),
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    securityContext: z.record(z.string(), z.unknown()).default({}),
    volumes: z.array(z.object({ name: z.string() }).loose()).default([]),
    tolerations: z.array(z.object({ key: z.string().optional() }).loose()).default([]),
    topologySpreadConstraints: z.array(z.object({ whenUnsatisfiable: z.string() }).loose()).default([]),
  })
  .loose();
export type PodSpec = z.infer<typeof podSpecSchema>;

export const objectSchema = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string(), labels: labels.default({}), annotations: labels.default({}) }).loose(),
    spec: z.unknown().optional(),
  })
  .loose();
export type KubeObject = z.infer<typeof objectSchema>;

const templateSchema = z.object({ template: z.object({ metadata: z.object({ labels }).loose(), spec: podSpecSchema }) }).loose();

/** A pod that an object makes, with its labels. */
export interface Pod {
  readonly of: KubeObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

/** The pod an object makes, if it makes one. */
export function podOf(object: KubeObject): Pod | undefined {
  if (object.kind === "Pod") return { of: object, labels: object.metadata.labels, spec: podSpecSchema.parse(object.spec) };
  if (!["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(object.kind)) return undefined;
  const { template } = templateSchema.parse(object.spec);
  return { of: object, labels: template.metadata.labels, spec: template.spec };
}

/** Every pod of a rendering. */
export const podsOf = (all: readonly KubeObject[]): readonly Pod[] => all.flatMap((object) => podOf(object) ?? []);
