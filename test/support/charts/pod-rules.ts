import type { Container, Pod } from "./kube-object.js";

const RESTRICTED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true } as const;
const VOLUMES = ["configMap", "emptyDir", "projected", "secret", "persistentVolumeClaim", "csi", "downwardAPI", "ephemeral"];

/** What a pod breaks of the restricted Pod Security Standard and of our own rules; nothing for a good one. */
export function brokenRules(pod: Pod): readonly string[] {
  const { spec } = pod;
  const broken: string[] = [];
  const rule = (holds: boolean, text: string) => void (holds || broken.push(`${pod.of.kind} ${pod.of.metadata.name}: ${text}`));
  rule(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, "shares no namespace of the host");
  rule(spec.securityContext.runAsNonRoot === true, "runs as non-root");
  rule(typeof spec.securityContext.runAsUser === "number" && spec.securityContext.runAsUser > 0, "has a numeric user that is not root");
  rule(JSON.stringify(spec.securityContext.seccompProfile) === '{"type":"RuntimeDefault"}', "has the default seccomp profile");
  for (const volume of spec.volumes) {
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "none";
    rule(VOLUMES.includes(kind), `volume ${volume.name} is of a kind the standard allows, not ${kind}`);
  }
  for (const container of [...spec.containers, ...spec.initContainers]) for (const text of brokenByContainer(container)) rule(false, text);
  return broken;
}

function brokenByContainer({ name, image, imagePullPolicy, resources, securityContext }: Container): readonly string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, text: string) => void (holds || broken.push(`container ${name} ${text}`));
  for (const [key, value] of Object.entries(RESTRICTED)) rule(securityContext[key] === value, `has ${key}: ${value}`);
  rule(securityContext.privileged !== true, "is not privileged");
  rule(JSON.stringify(securityContext.capabilities) === '{"drop":["ALL"]}', "drops all capabilities and adds none");
  rule(/(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image) && !image.endsWith(":latest"), `has an image with a version, not ${image}`);
  rule(imagePullPolicy !== "Always", "does not need the registry to start again");
  rule(resources?.limits.memory !== undefined && resources.requests.cpu !== undefined, "has a memory limit and a CPU request");
  return broken;
}
