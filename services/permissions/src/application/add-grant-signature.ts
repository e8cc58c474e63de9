import { keccak256 } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseAddress, parseBytes } from "#platform/intent/field.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { recoverOwner } from "#platform/safe/owner-signatures.js";
import type { AddGrantSignatureRequest, GrantDraft } from "#proto/interlock/permissions/v1/permissions.js";
import { hex } from "../domain/policy-data.js";
import { isSession } from "../domain/session-state.js";
import { eventActor } from "./caller.js";
import type { ChainReader } from "./chain-reader.js";
import { grantMessage } from "./grant-message.js";
import { sessionNotFound } from "./not-found.js";
import { originOf } from "./origin.js";
import { visibleSession } from "./session-access.js";
import type { SessionStream } from "./session-stream.js";
import type { ChainSetting } from "./setting.js";
import type { SignatureStore } from "./signature-store.js";

export interface AddGrantSignatureParts {
  readonly stream: SessionStream;
  readonly chain: ChainReader;
  readonly signatures: SignatureStore;
  readonly setting: ChainSetting;
  readonly clock: Clock;
}

/** One more owner of an m-of-n Safe signs the grant. */
export class AddGrantSignature {
  constructor(private readonly parts: AddGrantSignatureParts) {}

  /** @throws InterlockError OWNER_SIGNATURE_INVALID when it is not this owner's signature over the Arm message; NOT_FOUND, ALREADY_ARMED, GRANT_EXPIRED */
  async execute(request: AddGrantSignatureRequest): Promise<GrantDraft> {
    const { stream, chain, signatures, setting, clock } = this.parts;
    const { state } = await visibleSession(stream, request.sessionId);
    const { sessionId, account } = state.key;
    const signature = parseBytes("signature", request.signature, 65);
    const signer = await recoverOwner(hex(state.grant.safeMessageHash), signature);
    if (request.owner !== "" && parseAddress("owner", request.owner) !== signer) {
      throw new InterlockError("OWNER_SIGNATURE_INVALID", "the signature is not this owner's", { details: { owner: request.owner } });
    }
    const { nonce } = await chain.account(hex(account));
    const owner = hex(signer.toLowerCase());
    const at = unixSeconds(clock);
    const command = { kind: "add-signature", owner, signatureHash: keccak256(signature), at } as const;
    // The signature is stored first: it means nothing until its event stands, and an event must not point at nothing.
    if (state.key.owners.includes(owner)) await signatures.add(sessionId, owner, signature);
    const result = await stream.run(sessionId, command, originOf(state, eventActor()));
    if (!isSession(result.state)) throw sessionNotFound(sessionId);
    return grantMessage({ state: result.state, setting, safeNonce: nonce, signatures: await signatures.of(sessionId) });
  }
}
