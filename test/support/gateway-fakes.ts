import { Controller, Module, type Type } from "@nestjs/common";
import { GrpcMethod } from "@nestjs/microservices";
import type { Observable } from "rxjs";
import { from as observe } from "rxjs";
import { type ErrorCode, isErrorCode } from "#platform/errors/error-table.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { requireActor } from "#platform/grpc/request-context.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import {
  type AuditEntry,
  type GetProofRequest,
  type GetProofResponse,
  type ReadEventsRequest,
  type ReadEventsResponse,
  type TailRequest,
} from "#proto/interlock/audit/v1/audit.js";
import { type IntrospectRequest, type Principal } from "#proto/interlock/auth/v1/auth.js";
import { type GetSessionRequest, type Session } from "#proto/interlock/permissions/v1/permissions.js";
import { type ExecuteRequest, type Execution } from "#proto/interlock/relay/v1/relay.js";

/** The account and session of the fakes' principals. */
export const ACCOUNT = `0x${"ab".repeat(20)}`;
export const SESSION = "01900000-0000-7000-8000-000000000001";
export const AGENT_SESSION = "01900000-0000-7000-8000-000000000002";

const owner: Principal = {
  kind: "owner",
  subject: `0x${"cd".repeat(20)}`,
  chainId: "31337",
  accounts: [`31337:${ACCOUNT}`],
  sessionId: "",
  authMethod: "siwe-eoa",
  expiresAt: "2030-01-01T00:00:00.000Z",
  csrfToken: "",
};

/** Bearer tokens the fake auth knows: `owner`, `agent`; `expired` has expired; `error-CODE` fails with a code. */
@Controller()
@Callers("gateway")
class FakeAuth {
  @GrpcMethod("AuthService", "introspect")
  introspect(request: IntrospectRequest): Promise<Principal> {
    const { credential, kind, unsafeMethod, csrfToken } = request;
    if (kind === "web" && unsafeMethod && csrfToken !== "csrf") throw new InterlockError("CSRF_INVALID", "X-CSRF-Token: is wrong");
    if (credential.startsWith("owner")) return Promise.resolve({ ...owner, subject: credential === "owner" ? owner.subject : credential });
    if (credential === "agent") return Promise.resolve({ ...owner, kind: "agent", subject: "agent-1", sessionId: AGENT_SESSION });
    if (credential === "expired") throw new InterlockError("SESSION_EXPIRED", "the login has ended");
    const code = credential.replace("error-", "");
    throw new InterlockError(isErrorCode(code) ? code : "UNAUTHENTICATED", "said by the fake");
  }

  @GrpcMethod("AuthService", "logout")
  logout(): Promise<object> {
    return Promise.resolve({});
  }
}

/** Errors by session id: the last characters of the id choose the error. */
export const FAILING: Readonly<Record<string, ErrorCode>> = {
  "01900000-0000-7000-8000-0000000000a1": "NOT_FOUND",
  "01900000-0000-7000-8000-0000000000a2": "DEPENDENCY_UNAVAILABLE",
  "01900000-0000-7000-8000-0000000000a3": "DEADLINE_EXCEEDED",
  "01900000-0000-7000-8000-0000000000a4": "IDEMPOTENCY_KEY_IN_FLIGHT",
  "01900000-0000-7000-8000-0000000000a5": "IDEMPOTENCY_KEY_REUSED",
  "01900000-0000-7000-8000-0000000000a6": "INTERNAL",
  "01900000-0000-7000-8000-0000000000a7": "BUDGET_EXCEEDED",
};

function failFor(sessionId: string): void {
  const code = FAILING[sessionId];
  if (code !== undefined) throw new InterlockError(code, "said by the fake", { details: { asked: "5", left: "3" } });
}

@Controller()
@Callers("gateway")
class FakePermissions {
  @GrpcMethod("PermissionsService", "getSession")
  getSession({ sessionId }: GetSessionRequest): Promise<Partial<Session>> {
    failFor(sessionId);
    return Promise.resolve({
      sessionId,
      account: ACCOUNT,
      chainId: "31337",
      keyRef: "vault-key-7",
      state: "armed",
      summary: requireActor().sub,
    });
  }
}

@Controller()
@Callers("gateway")
class FakeRelay {
  readonly seen = new Map<string, string>();
  @GrpcMethod("RelayService", "execute")
  execute(request: ExecuteRequest): Promise<Partial<Execution>> {
    failFor(request.sessionId);
    const replayed = this.seen.get(request.idempotencyKey) === request.fingerprint;
    if (this.seen.has(request.idempotencyKey) && !replayed) throw new InterlockError("IDEMPOTENCY_KEY_REUSED", "used with another body");
    this.seen.set(request.idempotencyKey, request.fingerprint);
    return Promise.resolve({
      executionId: SESSION,
      sessionId: request.sessionId,
      chainId: "31337",
      state: "RECEIVED",
      action: request.action,
      replayed,
    });
  }
  @GrpcMethod("RelayService", "getExecution")
  getExecution(): Promise<Partial<Execution>> {
    const at = "2030-01-01T00:00:00.000Z";
    const transitions = ["RECEIVED", "AUTHORIZED", "CONFIRMED"].map((state) => ({ state, at, detail: "" }));
    return Promise.resolve({ executionId: SESSION, state: "CONFIRMED", chainId: "31337", transitions });
  }
}

/** The fake log: 5 events, the fourth of which is another's. */
export const EVENTS = ['{"a":1}', '{"b" : 2}', '{"ü":3}', '{"secret":4}', '{"e":5}'];
const NOTE = Buffer.from("log\n5\nroot\n\n\u2014 log signature\n");
const entries: AuditEntry[] = EVENTS.map((text, i) => ({
  logIndex: String(i),
  event: i === 3 ? Buffer.alloc(0) : Buffer.from(text),
  withheld: i === 3,
  leafHash: `h${i}`,
}));

@Controller()
@Callers("gateway")
class FakeAudit {
  @GrpcMethod("AuditService", "readEvents")
  readEvents({ from, limit }: ReadEventsRequest): Promise<ReadEventsResponse> {
    const page = entries.slice(Number(from), Number(from) + limit);
    return Promise.resolve({ entries: page, next: String(Number(from) + page.length), checkpoint: Buffer.alloc(0) });
  }
  @GrpcMethod("AuditService", "getProof")
  getProof({ index }: GetProofRequest): Promise<GetProofResponse> {
    return Promise.resolve({ index, size: "5", hashes: [Buffer.from([1, 2])], checkpoint: NOTE, keys: ["log+key"] });
  }
  @GrpcMethod("AuditService", "tail")
  tail({ from }: TailRequest): Observable<ReadEventsResponse> {
    return observe([
      { entries: entries.slice(Number(from)), next: "5", checkpoint: Buffer.alloc(0) },
      { entries: [], next: "5", checkpoint: NOTE },
    ]);
  }
}

const MODULES = { auth: FakeAuth, permissions: FakePermissions, relay: FakeRelay, audit: FakeAudit };

/** A Nest module with the fake of one service. */
export function fakeModule(name: keyof typeof MODULES): Type<object> {
  @Module({ controllers: [MODULES[name]] })
  class FakeModule {}
  return FakeModule;
}
