import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface KubeAnswer {
  readonly status: number;
  readonly text: string;
}

/** Namespace of the pod this runs in. */
export function ownNamespace(): string {
  return readFileSync(join(ACCOUNT, "namespace"), "utf8").trim();
}

/** A call of the cluster's API server with the pod's own ServiceAccount; any answer is returned, also a refusal. */
export function kubeCall(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<KubeAnswer> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (host === undefined) throw new Error("this program runs inside a cluster only: KUBERNETES_SERVICE_HOST is not set");
  const token = readFileSync(join(ACCOUNT, "token"), "utf8");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" };
  return new Promise((resolve, reject) => {
    const call = request({ host, port, method, path, headers, ca: readFileSync(join(ACCOUNT, "ca.crt")), timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.once("error", reject);
    });
    call.once("timeout", () => call.destroy(new Error("the API server did not answer within 10 s")));
    call.once("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Creates an object; false when one of its name was there already. @throws Error with what the API server said */
export async function createIfAbsent(collection: string, manifest: object): Promise<boolean> {
  const { status, text } = await kubeCall("POST", collection, manifest);
  if (status === 409) return false;
  if (status !== 201) throw new Error(`POST ${collection} answered ${status}: ${text}`);
  return true;
}
