import { type Address, bytesToBigInt } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseAddress, parseUintNumber } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { accountId, type IdFactory } from "#platform/kernel/ids.js";
import type { Random } from "#platform/kernel/random.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { summarise } from "#platform/session-policy/summary.js";
import type { DraftGrantRequest, GrantDraft } from "#proto/interlock/permissions/v1/permissions.js";
import { type Reason, reason } from "../domain/reason.js";
import type { Draft } from "../domain/session-command.js";
import { isSession, type Session } from "../domain/session-state.js";
import { eventActor, principal } from "./caller.js";
import type { AccountFacts, ChainReader } from "./chain-reader.js";
import { type CompiledGrant, compileGrant, policyDataOf } from "./compile-grant.js";
import { completeDocument } from "./draft-document.js";
import { grantMessage } from "./grant-message.js";
import type { PolicyPeer, VaultPeer } from "./peers.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";

/** How long the owners' signatures can arm, in seconds. */
const ARM_SECONDS = 3_600;

export interface DraftGrantParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly policy: PolicyPeer;
  readonly vault: VaultPeer;
  readonly setting: ChainSetting;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly random: Random;
  readonly requireWidening: () => void;
}

/** GENERATE and the draft of a grant: reads the account from the chain, has a key made, compiles, and says what the owners must sign. */
export class DraftGrant {
  constructor(private readonly parts: DraftGrantParts) {}

  /**
   * @throws InterlockError NOT_FOUND for an account that is not the principal's, UNSUPPORTED_ACCOUNT for one that is no Safe,
   * CHAIN_MISMATCH, VALIDATION_FAILED, CONDITION or DEPENDENCY_UNAVAILABLE
   */
  async execute(request: DraftGrantRequest): Promise<GrantDraft> {
    const { chain, policy, setting, clock, requireWidening } = this.parts;
    const account = this.ownAccount(request);
    requireWidening();
    const now = unixSeconds(clock);
    const text = completeDocument(request.document, { account, chainId: setting.chainId, preset: request.preset, now });
    const document = parsePolicyDocument(text);
    if (document.notAfter <= now) throw windowOver(document.notAfter);
    const lint = await policy.lint({ document: text });
    if (lint.problems.length > 0) throw refusedByLint(lint.problems);
    const facts = await chain.account(account);
    const state = await this.generate({ account, text, facts, now, warnings: lint.warnings, preset: request.preset });
    return grantMessage({ state, setting, safeNonce: facts.nonce, signatures: [] });
  }

  private ownAccount({ account, chainId }: DraftGrantRequest): Address {
    const address = parseAddress("account", account);
    const chain = parseUintNumber("chain_id", chainId, 52);
    if (!principal().accounts.includes(accountId(chain, address))) {
      throw new InterlockError("ACCOUNT_NOT_OWNED", "there is no such account", { details: { account: address } });
    }
    const { setting } = this.parts;
    if (chain === setting.chainId) return address;
    throw new InterlockError("CHAIN_MISMATCH", `this cluster works on chain ${setting.chainId}`, { details: { chainId } });
  }

  private async generate(input: DraftInput): Promise<Session> {
    const { stream, vault, setting, ids } = this.parts;
    const { account, facts } = input;
    const sessionId = ids.next();
    const owners = [...facts.owners];
    const made = await vault.generateKey({
      sessionId,
      account: account.toLowerCase(),
      chainId: String(setting.chainId),
      owners,
      threshold: facts.threshold,
      module: setting.module,
    });
    const command = this.command(sessionId, input, made);
    const partitionKey = accountId(setting.chainId, account);
    const origin = { actor: eventActor(), correlationId: sessionId, partitionKey };
    const { state } = await stream.run(sessionId, command, origin);
    if (!isSession(state)) throw new InterlockError("INTERNAL", "the draft left no session");
    return state;
  }

  private command(sessionId: string, input: DraftInput, made: Awaited<ReturnType<VaultPeer["generateKey"]>>): Draft {
    const { setting, random } = this.parts;
    const { account, text, facts, now } = input;
    const armNonce = bytesToBigInt(random.bytes(8));
    const armDeadline = now + ARM_SECONDS;
    const key = parseAddress("vault.address", made.address);
    const compiled = compileGrant({ document: text, key, epoch: facts.epoch, rulesBefore: now, armNonce, armDeadline }, setting);
    const subject = { sessionId, account: account.toLowerCase(), chainId: String(setting.chainId) };
    return {
      kind: "draft",
      at: now,
      generated: {
        ...subject,
        module: setting.module.toLowerCase(),
        keyRef: made.keyRef,
        keyAddress: key.toLowerCase(),
        publicKey: made.publicKey,
        kekVersion: made.kekVersion,
        algorithm: made.algorithm,
        custody: made.custody,
        attestationKind: made.attestationKind,
        owners: facts.owners.map((owner) => owner.toLowerCase()),
        threshold: facts.threshold,
        at: now,
      },
      drafted: { ...subject, ...draftedFacts(compiled, input), armNonce: String(armNonce), armDeadline, expiresAt: armDeadline, at: now },
    };
  }
}

interface DraftInput {
  readonly account: Address;
  readonly text: string;
  readonly facts: AccountFacts;
  readonly now: number;
  readonly warnings: readonly Reason[];
  readonly preset: string;
}

function draftedFacts(compiled: CompiledGrant, { facts, warnings, preset }: DraftInput) {
  const { document, policy, policyId, armDigest, safeMessageHash } = compiled;
  const disabled = reason("CONFLICT", "the module is not enabled on the account yet; enable it before arming", { path: "account.modules" });
  return {
    document,
    policy: policyDataOf(policy),
    policyHash: policy.policyHash,
    policyId,
    armDigest,
    safeMessageHash,
    summary: summarise(parsePolicyDocument(document)),
    warnings: [...warnings, ...(facts.moduleEnabled ? [] : [disabled])],
    preset,
  };
}

function windowOver(notAfter: number): InterlockError {
  const rule = "must be in the future";
  return new InterlockError("VALIDATION_FAILED", `document.notAfter: ${rule}`, {
    details: { field: "document.notAfter", rule, value: notAfter },
  });
}

function refusedByLint(problems: readonly Reason[]): InterlockError {
  const [first] = problems;
  const details = {
    field: first?.path ?? "document",
    rule: first?.message ?? "",
    problems: problems.map(({ path, message }) => ({ path, message })),
  };
  return new InterlockError("VALIDATION_FAILED", `document: ${first?.message ?? "is refused"}`, { details });
}
