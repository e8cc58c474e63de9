import { describe, expect, it } from "vitest";
import { has, objects } from "../support/charts/helm.js";
import { type Container, type PodSpec, podsOf } from "../support/charts/kube-object.js";
import { VALUE_SETS } from "../support/charts/value-sets.js";
import { NO_HELM, skipLoudly } from "../support/skip-loudly.js";

if (has("helm")) describe.each(Object.entries(VALUE_SETS))("signer-core, for %s,", (_, options) => signerCore(vaultPod(options)));
else skipLoudly("helm", "gives signer-core a container of its own", NO_HELM);

const CORE_SOCKET = "/run/interlock/core/signer.sock";

/** The files of a Secret that a volume brings. */
function filesOf(volume: Readonly<Record<string, unknown>>): readonly string[] {
  return [...JSON.stringify(volume).matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path ?? "");
}

function vaultPod(options: Parameters<typeof objects>[0]): PodSpec {
  const pod = podsOf(objects(options)).find(({ of }) => of.kind === "Deployment" && of.metadata.name.endsWith("-vault"));
  if (pod === undefined) throw new Error("there is no vault");
  return pod.spec;
}

function signerCore(spec: PodSpec): void {
  const named = (name: string): Container => {
    const container = spec.containers.find((one) => one.name === name);
    if (container === undefined) throw new Error(`there is no container ${name}`);
    return container;
  };
  const [shell, core] = [named("vault"), named("signer-core")];
  const mounts = ({ volumeMounts }: Container) =>
    new Map((volumeMounts as { name: string; mountPath: string; readOnly?: boolean }[]).map((mount) => [mount.name, mount]));
  const files = (container: Container) => {
    const mounted = mounts(container);
    return spec.volumes.filter(({ name }) => mounted.has(name)).flatMap(filesOf);
  };
  const env = ({ env: variables }: Container) => Object.fromEntries(variables.map(({ name, value }) => [name, value]));

  it("is of the shell's image and of another user, whose group is not the shell's", () => {
    expect(core.image).toBe(shell.image);
    expect(core.command).toEqual(["node", "dist/services/vault/src/core-main.js"]);
    const { runAsUser, runAsGroup, fsGroup } = spec.securityContext;
    expect([runAsUser, runAsGroup, fsGroup]).toEqual([10_001, 10_001, 10_001]);
    expect(shell.securityContext.runAsUser).toBeUndefined();
    expect(core.securityContext).toMatchObject({ runAsUser: 10_002, runAsGroup: 10_002 });
  });

  it("is the only container with the key ring, and has no credential of the shell", () => {
    expect(files(core).toSorted()).toEqual(["kek.json", "trust.json"]);
    expect(files(shell)).toEqual(expect.arrayContaining(["database-url", "service.jwk", "trust.json"]));
    expect(files(shell)).not.toContain("kek.json");
    expect(env(shell).KEK_FILE).toBeUndefined();
    expect(env(core)).toMatchObject({ KEK_FILE: "/var/run/secrets/interlock/kek.json", TRUST_FILE: expect.any(String) });
    expect(Object.keys(env(core)).filter((name) => /DATABASE|SERVICE_KEY|KAFKA/.test(name))).toEqual([]);
  });

  it("shares nothing with the shell but a socket in memory, which the shell may not replace", () => {
    expect(env(core).SIGNER_CORE_SOCKET).toBe(CORE_SOCKET);
    expect(env(shell).SIGNER_CORE_SOCKET).toBe(CORE_SOCKET);
    const [ours, its] = [mounts(shell), mounts(core)];
    expect([...its.keys()].filter((name) => ours.has(name)).toSorted()).toEqual(["core-socket", "deployment"]);
    expect(ours.get("core-socket")).toMatchObject({ mountPath: "/run/interlock", readOnly: true });
    expect(its.get("core-socket")).toMatchObject({ mountPath: "/run/interlock" });
    expect([...its.values()].filter(({ name, readOnly }) => readOnly !== true && name !== "core-socket")).toEqual([]);
    expect(spec.volumes.find(({ name }) => name === "core-socket")).toMatchObject({ emptyDir: { medium: "Memory" } });
    expect(spec.shareProcessNamespace).toBeUndefined();
  });

  it("listens on no port and is asked by a program in its own container", () => {
    expect(core.ports).toBeUndefined();
    for (const probe of [core.startupProbe, core.readinessProbe, core.livenessProbe]) expect(probe).toHaveProperty("exec.command");
    expect(core.livenessProbe).toMatchObject({ exec: { command: ["node", "dist/services/vault/src/core-probe.js"] } });
  });
}
