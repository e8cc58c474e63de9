import { randomUUID } from "node:crypto";
import type { Address } from "viem";
import { transfer } from "./execution.js";

/** What belongs to somebody else. */
export interface Foreign {
  readonly account: Address;
  readonly owner: Address;
  readonly sessionId: string;
  readonly executionId: string;
  readonly credentialId: string;
  readonly token: Address;
  readonly document: object;
}

export interface ForeignRequest {
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const HASH = `0x${"11".repeat(32)}`;

/** For each operation that names a thing of somebody's: a well-formed request for what is somebody else's. */
export function foreignRequests(foreign: Foreign): Readonly<Record<string, ForeignRequest>> {
  const { account, owner, sessionId, executionId, credentialId, token, document } = foreign;
  const action = transfer(token, owner, 1n);
  const publicJwk = { kty: "OKP", crv: "Ed25519", x: Buffer.alloc(32, 7).toString("base64url") };
  const session = `/v1/session_keys/${sessionId}`;
  const execution = `/v1/executions/${executionId}`;
  return {
    linkAccount: { path: "/v1/auth/accounts", body: { account, chainId: 31_337 } },
    registerAgent: { path: "/v1/auth/agents", body: { sessionId, publicJwk, label: "intruder" } },
    revokeAgent: { path: `/v1/auth/agents/${credentialId}` },
    draftGrant: { path: "/v1/session_keys/grant", body: { account, chainId: 31_337, document, preset: "1h" } },
    addGrantSignature: { path: `${session}/signatures`, body: { owner, signature: `0x${"22".repeat(65)}` } },
    confirmGrant: { path: "/v1/session_keys/grant/confirm", body: { sessionId, transactionHash: HASH } },
    sponsorArm: { path: `${session}/sponsor-arm`, body: { calldata: "0x1234" } },
    revoke: { path: "/v1/session_keys/revoke", body: { sessionId } },
    confirmRevoke: { path: "/v1/session_keys/revoke/confirm", body: { sessionId, transactionHash: HASH } },
    listSessions: { path: `/v1/session_keys/list/${owner}` },
    validate: { path: "/v1/session_keys/validate", body: { sessionId, action } },
    getSession: { path: session },
    getUsage: { path: `${session}/usage` },
    execute: { path: "/v1/executions", body: { sessionId, action }, headers: { "idempotency-key": randomUUID() } },
    getExecution: { path: execution },
    cancelExecution: { path: `${execution}/cancel` },
    watchExecution: { path: `${execution}/events` },
  };
}
