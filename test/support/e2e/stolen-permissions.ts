import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Hex } from "viem";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { intentDigest } from "#platform/intent/intent-digest.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { type OnchainPolicyStruct, policyId } from "#platform/session-policy/onchain-policy.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { policyFromMessage, policyToMessage } from "#platform/session-policy/policy-message.js";
import { issueAuthorization } from "#platform/tickets/authorization-ticket.js";
import { parseTicketKey } from "#platform/tickets/ticket-key.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { PolicyServiceClient } from "#proto/interlock/policy/v1/policy.js";
import type { Stack } from "../../../deploy/local/stack.js";
import type { Impostor } from "./impostor.js";

export interface Tickets {
  readonly decision: string;
  readonly authorization: string;
  readonly outcome: string;
}

export interface Spending {
  readonly spends: readonly { readonly token: string; readonly amount: string }[];
  readonly operations: number;
}

/** A policy as a document and as what the chain would be told. */
export interface CompiledPolicy {
  readonly document: string;
  readonly policy: OnchainPolicyStruct;
}

/** What a session's owners signed. */
export function signedPolicy(session: Session): CompiledPolicy {
  return { document: session.document, policy: policyFromMessage(session.policy) };
}

/** The same session under a document of the thief's own making: same key, account, times. */
export function ownPolicy(session: Session, document: object): CompiledPolicy {
  const { policy } = signedPolicy(session);
  const { notBefore, notAfter } = parsePolicyDocument(session.document);
  const text = JSON.stringify({ ...document, account: policy.safe, chainId: Number(session.chainId), notBefore, notAfter });
  const { key, epoch, rulesBefore } = policy;
  const given = { key, epoch: Number(epoch), rulesBefore: Number(rulesBefore), protocols: { erc20: 1, erc4626: 2 } };
  return { document: text, policy: compilePolicy(parsePolicyDocument(text), given).policy };
}

/** Whoever holds permissions' service key and ticket key: asks policy what they like, reserves what they like. */
export class StolenPermissions {
  private readonly policy: GrpcClient<PolicyServiceClient>;
  private readonly ticketKey: ReturnType<typeof parseTicketKey>;

  constructor({ keys }: Stack, impostor: Impostor) {
    this.policy = impostor.client<PolicyServiceClient>("policy");
    this.ticketKey = parseTicketKey(readFileSync(keys.ticketKeyFile("permissions"), "utf8"));
  }

  /** Both tickets for an intent: policy judges it under `judged` and usage of zero; the authorization claims what `claimed` says. */
  async tickets(session: Session, intent: Intent, judged: CompiledPolicy, claimed: CompiledPolicy, spending: Spending): Promise<Tickets> {
    const executionId = randomUUID();
    const now = Math.floor(Date.now() / 1000);
    const asked = {
      executionId,
      sessionId: session.sessionId,
      document: judged.document,
      policy: policyToMessage(judged.policy),
      intent,
      usage: undefined,
      at: String(now),
      conditions: [],
    };
    const { decision, record } = await this.policy.decide(asked, { act: null });
    const content = {
      authorizationId: randomUUID(),
      executionId,
      sessionId: session.sessionId,
      keyRef: session.keyRef,
      generation: session.generation,
      account: claimed.policy.safe,
      chainId: session.chainId,
      module: session.module,
      policyHash: claimed.policy.policyHash,
      policyId: policyId(claimed.policy).toLowerCase() as Hex,
      digest: intentDigest(intent),
      nonce: intent.nonce,
      deadline: intent.deadline,
      spends: [...spending.spends],
      operations: spending.operations,
    };
    const authorization = await issueAuthorization(content, { key: this.ticketKey, jti: randomUUID(), now });
    return { decision, authorization, outcome: record?.outcome ?? "" };
  }
}
