import { z } from "zod";
import type { Cluster } from "./cluster.js";
import type { Calls } from "./steady-callers.js";

const callsSchema = z.array(z.object({ made: z.number(), failed: z.array(z.string()) }));
const POD = "caller";

/** One HTTP request from inside the cluster, and the statuses that are no failure. */
export interface InsideCall {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly statuses: readonly number[];
  readonly token?: string;
  readonly body?: unknown;
}

/** Requests that are made once a second: the same one for ever, or each of a list once. */
export type InsideCaller = { readonly again: InsideCall } | { readonly each: readonly InsideCall[] };

/**
 * Runs in a pod of its own: each caller asks once a second, each time on a new connection; what came of it so far is printed every second.
 * A call is tried once, as a client without retries would.
 */
const CALLER = `
const callers = JSON.parse(require("node:fs").readFileSync("/calls/callers.json", "utf8"));
const ask = async ({ method, url, statuses, token, body }) => {
  const headers = { connection: "close", ...(token ? { authorization: "Bearer " + token } : {}), ...(body ? { "content-type": "application/json" } : {}) };
  const answer = await fetch(url, { method, headers, body: body ? JSON.stringify(body) : undefined, signal: AbortSignal.timeout(30000) });
  const text = await answer.text();
  if (!statuses.includes(answer.status)) throw new Error("status " + answer.status + ": " + text.slice(0, 300));
};
const so = callers.map(() => ({ made: 0, failed: [] }));
callers.forEach(async ({ again, each }, at) => {
  for (let next = 0; again || next < each.length; next += 1) {
    const pause = new Promise((resolve) => setTimeout(resolve, 1000));
    await ask(again ?? each[next]).catch((error) => so[at].failed.push(new Date().toISOString() + " " + error.message + " " + (error.cause?.code ?? "")));
    so[at].made += 1;
    await pause;
  }
});
setInterval(() => console.log(JSON.stringify(so)), 1000);
`;

/** Has another pod call through the cluster's Services until it is stopped; resolves with what came of each caller. */
export async function callFromInside(cluster: Cluster, image: string, callers: readonly InsideCaller[]) {
  const remove = async () => void (await cluster.kubectl("delete", "pod,secret", POD, "--ignore-not-found", "--wait=true"));
  await remove();
  await cluster.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: POD },
    stringData: { "callers.json": JSON.stringify(callers) },
  });
  await cluster.apply(callerPod(image));
  await cluster.kubectl("wait", "--for=condition=Ready", `pod/${POD}`, "--timeout=120s");
  return {
    async stop(): Promise<readonly Calls[]> {
      const last = (await cluster.kubectl("logs", POD, "--tail=1")).trim();
      await remove();
      return callsSchema.parse(JSON.parse(last));
    },
  };
}

function callerPod(image: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: POD, labels: { app: POD } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_002,
        runAsGroup: 10_002,
        fsGroup: 10_002,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: POD,
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["node", "-e", CALLER],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [{ name: "calls", mountPath: "/calls", readOnly: true }],
        },
      ],
      volumes: [{ name: "calls", secret: { secretName: POD } }],
    },
  };
}
