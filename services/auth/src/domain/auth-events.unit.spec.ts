import { describe, expect, it } from "vitest";
import { parseAccountId } from "#platform/kernel/ids.js";
import {
  accountLinked,
  accountUnlinked,
  agentRegistered,
  agentRevoked,
  loggedOut,
  loginCompleted,
  loginRefused,
  subjectErased,
} from "./auth-events.js";
import type { LoginRecord } from "./login-record.js";

const ADDRESS = "0xaa00000000000000000000000000000000000000";
const WALLET = "0xbb00000000000000000000000000000000000000";
const account = parseAccountId(`31337:${ADDRESS}`);
const about = { account: ADDRESS, chainId: "31337" };
const login: LoginRecord = {
  id: "login-1",
  mode: "web",
  chainId: 31337,
  subject: WALLET,
  method: "siwe-safe",
  proof: { messageHash: "0x5ec2e7", signature: "0x5ec2e7", verifiedAt: new Date(0) },
  createdAt: new Date(0),
  expiresAt: new Date("2026-01-01T12:00:00.000Z"),
};

describe("the events of auth", () => {
  it("say how somebody signed in and until when, but not what was signed", () => {
    expect(loginCompleted(account, login)).toEqual({
      type: "login.completed.v1",
      data: { ...about, loginId: "login-1", mode: "web", method: "siwe-safe", expiresAt: "2026-01-01T12:00:00.000Z" },
    });
  });

  it("name the secrets of a sign-in by their marks only", () => {
    expect(loginCompleted(account, login, { nonceMark: "a:b", tokenMark: "a:c" }).data).toMatchObject({
      nonceMark: "a:b",
      tokenMark: "a:c",
    });
  });

  it("say that somebody's personal data is gone, and who asked for it", () => {
    const erased = { subjectRef: "ab".repeat(32), version: 2, requestedBy: WALLET };
    const data = { subjectRef: erased.subjectRef, keyVersion: "2", requestedBy: WALLET };
    expect(subjectErased(erased)).toEqual({ type: "audit.subject_erased.v1", data });
  });

  it("say why a sign-in was refused and why a login ended", () => {
    expect(loginRefused(account, "SIWE_INVALID")).toEqual({ type: "login.refused.v1", data: { ...about, reason: "SIWE_INVALID" } });
    expect(loggedOut(account, "login-1", "refresh_reused")).toEqual({
      type: "logout.v1",
      data: { ...about, loginId: "login-1", reason: "refresh_reused" },
    });
  });

  it("say which wallet owns an account, and which does no more", () => {
    expect(accountLinked(account, WALLET)).toEqual({ type: "account.linked.v1", data: { ...about, wallet: WALLET } });
    expect(accountUnlinked(account, WALLET)).toEqual({ type: "account.unlinked.v1", data: { ...about, wallet: WALLET } });
  });

  it("say which agent was let into which session, and when it was shut out", () => {
    const agent = { credentialId: "agent-1", sessionId: "session-1" };
    const registered = { ...agent, owner: WALLET };
    expect(agentRegistered(account, registered)).toEqual({ type: "agent.registered.v1", data: { ...about, ...registered } });
    const pii = { subjectRef: "ab".repeat(32), keyVersion: 1, sealed: "c2VhbGVk" };
    expect(agentRegistered(account, registered, pii).data).toEqual({ ...about, ...registered, pii });
    expect(agentRevoked(account, agent)).toEqual({ type: "agent.revoked.v1", data: { ...about, ...agent } });
  });
});
