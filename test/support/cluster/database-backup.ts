import { spawn, spawnSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Cluster } from "./cluster.js";

const POSTGRES = "statefulset/dev-deps-postgres";
const DATA = "/var/lib/postgresql/data";
/** Everything that writes to the database. */
const WRITERS = [
  "statefulset/interlock-permissions",
  ...["auth", "vault", "relay", "monitor", "audit"].map((name) => `deployment/interlock-${name}`),
];

/** Times that a whole archive is asked of `kubectl exec`, which may cut a long stream short and still end with 0. */
const ATTEMPTS = 4;

/** A base backup of the running Postgres with the WAL it needs, as pg_basebackup writes it, into `file`. Resolves to its path. */
export async function takeBackup(cluster: Cluster, file: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    await streamBackup(cluster, file);
    if (spawnSync("tar", ["-tf", file], { stdio: "ignore" }).status === 0) return file;
    if (attempt === ATTEMPTS) throw new Error(`${file} was cut short ${ATTEMPTS} times`);
  }
}

async function streamBackup(cluster: Cluster, file: string): Promise<void> {
  const command = ["pg_basebackup", "-U", "postgres", "-D", "-", "-Ft", "-X", "fetch", "--checkpoint=fast"];
  const child = spawn("kubectl", ["--namespace", cluster.namespace, "exec", "dev-deps-postgres-0", "--", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await pipeline(child.stdout, createWriteStream(file));
  if ((await ended) !== 0) throw new Error("pg_basebackup failed");
}

/** Stops every service that writes; a backup taken then is the newest there is. Returns how to start them again. */
export async function stopWriters(cluster: Cluster): Promise<() => Promise<void>> {
  for (const writer of WRITERS) await cluster.kubectl("scale", writer, "--replicas=0");
  await cluster.kubectl(
    "wait",
    "--for=delete",
    "pods",
    "-l",
    "app.kubernetes.io/part-of=interlock,app.kubernetes.io/component in (permissions,auth,vault,relay,monitor,audit)",
    "--timeout=120s",
  );
  return async () => {
    for (const writer of WRITERS) await cluster.kubectl("scale", writer, "--replicas=1");
    for (const writer of WRITERS) await cluster.kubectl("rollout", "status", writer, "--timeout=180s");
  };
}

/** Throws Postgres's whole data folder away and puts the backup in its place. */
export async function restoreDatabase(cluster: Cluster, backup: string): Promise<void> {
  await cluster.kubectl("scale", POSTGRES, "--replicas=0");
  await cluster.kubectl("wait", "--for=delete", "pod/dev-deps-postgres-0", "--timeout=120s");
  await cluster.apply(restorePod());
  await cluster.kubectl("wait", "--for=condition=Ready", "pod/restore", "--timeout=60s");
  await unpackBackup(cluster, backup);
  await cluster.kubectl("delete", "pod", "restore", "--wait=true");
  await cluster.kubectl("scale", POSTGRES, "--replicas=1");
  await cluster.kubectl("rollout", "status", POSTGRES, "--timeout=180s");
}

async function unpackBackup(cluster: Cluster, backup: string): Promise<void> {
  const script = `rm -rf ${DATA}/pgdata && mkdir -m 700 ${DATA}/pgdata && tar -x -C ${DATA}/pgdata`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const child = spawn("kubectl", ["--namespace", cluster.namespace, "exec", "-i", "restore", "--", "sh", "-c", script], {
      stdio: ["pipe", "inherit", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const sent = await pipeline(createReadStream(backup), child.stdin).then(
      () => true,
      () => false,
    );
    if ((await ended) === 0 && sent) return;
  }
  throw new Error("the backup could not be unpacked");
}

function restorePod(): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "restore" },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "restore",
          image: "postgres:18",
          imagePullPolicy: "IfNotPresent",
          command: ["sleep", "3600"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [{ name: "data", mountPath: DATA }],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-dev-deps-postgres-0" } }],
    },
  };
}
