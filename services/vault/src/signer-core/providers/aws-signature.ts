import { createHash, createHmac } from "node:crypto";

/** Keys of an AWS principal; `sessionToken` with temporary ones. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is signed of a request. Header names in lower case, values trimmed; `path` is encoded already, `query` sorted and encoded. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** With `host` and `x-amz-date` (`20150830T123600Z`). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text, "utf8").digest();

/** The Authorization header of Signature Version 4 (AWS General Reference, "Create a signed AWS API request"): all of `headers` are signed. */
export function awsAuthorization(
  request: AwsRequest,
  scope: { readonly region: string; readonly service: string },
  keys: AwsCredentials,
): string {
  const { method, path, query = "", headers, body } = request;
  const names = Object.keys(headers).toSorted();
  const signed = names.join(";");
  const canonical = [method, path, query, ...names.map((name) => `${name}:${headers[name]}`), "", signed, sha256(body)].join("\n");
  const at = headers["x-amz-date"] ?? "";
  const steps = [at.slice(0, 8), scope.region, scope.service, "aws4_request"];
  const toSign = [ALGORITHM, at, steps.join("/"), sha256(canonical)].join("\n");
  const key = steps.reduce<Buffer | string>((above, step) => hmac(above, step), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  return `${ALGORITHM} Credential=${keys.accessKeyId}/${steps.join("/")}, SignedHeaders=${signed}, Signature=${signature}`;
}
