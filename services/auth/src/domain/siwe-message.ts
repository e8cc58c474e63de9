import { SiweMessage } from "@signinwithethereum/siwe";
import { type Address, getAddress } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** A sign-in message (EIP-4361) whose grammar and checksum hold; nothing else has been checked. */
export interface SignIn {
  readonly text: string;
  readonly scheme: string | undefined;
  readonly domain: string;
  /** EIP-55 form, as written. */
  readonly address: Address;
  readonly uri: string;
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date | undefined;
  readonly notBefore: Date | undefined;
}

/** Longest message that is looked at, in characters. */
export const MAX_MESSAGE_LENGTH = 4_000;

/**
 * Parses the text a wallet signed.
 * @throws InterlockError VALIDATION_FAILED when it is no EIP-4361 message or its address has no EIP-55 checksum.
 */
export function parseSignIn(text: string): SignIn {
  if (text.length > MAX_MESSAGE_LENGTH) refuse(`at most ${MAX_MESSAGE_LENGTH} characters`, `${text.length} characters`);
  const message = parseGrammar(text);
  // Not by the library's warning: it takes an address whose checksum happens to have capitals only for one without a checksum.
  if (getAddress(message.address) !== message.address) refuse("address in EIP-55 checksum form", message.address);
  if (message.issuedAt === undefined) refuse("EIP-4361: Issued At", "absent");
  return {
    text,
    scheme: message.scheme,
    domain: message.domain,
    address: message.address as Address,
    uri: message.uri,
    chainId: message.chainId,
    nonce: message.nonce,
    issuedAt: instant(message.issuedAt),
    expiresAt: message.expirationTime === undefined ? undefined : instant(message.expirationTime),
    notBefore: message.notBefore === undefined ? undefined : instant(message.notBefore),
  };
}

function parseGrammar(text: string): SiweMessage {
  try {
    return new SiweMessage(text);
  } catch (cause) {
    throw new InterlockError("VALIDATION_FAILED", "message: must be a sign-in message of EIP-4361", {
      details: { field: "message", rule: "EIP-4361", value: text.slice(0, 100) },
      cause,
    });
  }
}

function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) refuse("a time of RFC 3339", text);
  return date;
}

function refuse(rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `message: ${rule}`, { details: { field: "message", rule, value: value.slice(0, 100) } });
}
