import { z } from "zod";
import type { KubeObject } from "./kube-object.js";

type Labels = Readonly<Record<string, string>>;

const selector = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }).loose();
const peer = z.object({ podSelector: selector.optional(), namespaceSelector: selector.optional(), ipBlock: z.unknown().optional() });
const port = z.object({ port: z.number(), protocol: z.string() });
const policySchema = z.object({
  podSelector: selector,
  policyTypes: z.array(z.enum(["Ingress", "Egress"])),
  ingress: z.array(z.object({ from: z.array(peer).optional(), ports: z.array(port).optional() })).default([]),
  egress: z.array(z.object({ to: z.array(peer).optional(), ports: z.array(port).optional() })).default([]),
});
export type Policy = z.infer<typeof policySchema>;

/** The NetworkPolicies of a rendering. */
export const policiesOf = (all: readonly KubeObject[]): readonly Policy[] =>
  all.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => policySchema.parse(spec));

const selects = ({ matchLabels }: z.infer<typeof selector>, labels: Labels) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

interface Rule {
  readonly peers: readonly z.infer<typeof peer>[] | undefined;
  readonly ports: readonly { readonly port: number; readonly protocol: string }[] | undefined;
}

/** True when one side's policies let a TCP connection to `port` of or by a pod with `other` pass: no policy that selects it, or a rule that fits. */
function passes(policies: readonly Policy[], direction: "Ingress" | "Egress", own: Labels, other: Labels, wanted: number): boolean {
  const about = policies.filter(({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, own));
  if (about.length === 0) return true;
  const rules = about.flatMap((policy): Rule[] =>
    direction === "Ingress"
      ? policy.ingress.map(({ from, ports }) => ({ peers: from, ports }))
      : policy.egress.map(({ to, ports }) => ({ peers: to, ports })),
  );
  return rules.some(
    ({ peers, ports }) =>
      (ports === undefined || ports.some((one) => one.port === wanted && one.protocol === "TCP")) &&
      (peers === undefined ||
        peers.some((one) => one.namespaceSelector === undefined && one.podSelector && selects(one.podSelector, other))),
  );
}

/** Whether pods of one namespace may connect, by the rules of networking.k8s.io/v1: the sender's egress and the receiver's ingress. */
export function mayReach(policies: readonly Policy[], from: Labels, to: Labels, wanted: number): boolean {
  return passes(policies, "Egress", from, to, wanted) && passes(policies, "Ingress", to, from, wanted);
}
