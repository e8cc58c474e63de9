import { type Address, hashMessage, type PrivateKeyAccount } from "viem";
import { createSiweMessage } from "viem/siwe";
import { z } from "zod";
import { safeMessageTypedData } from "#platform/safe/safe-message.js";
import type { Client } from "./client.js";

const CHAIN = 31_337;
const MESSAGE_LIFETIME = 5 * 60_000;
const nonceAnswer = z.object({ nonce: z.string() });
const loginAnswer = z.object({ tokens: z.object({ accessToken: z.string(), refreshToken: z.string() }) });

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A sign-in message (EIP-4361) for `address` with a nonce of this gateway. */
export async function signInMessage(client: Client, address: Address): Promise<string> {
  const { nonce } = nonceAnswer.parse(await client.must("GET", "/v1/auth/nonce"));
  const { host, origin } = new URL(client.url);
  const issuedAt = new Date();
  const expirationTime = new Date(issuedAt.getTime() + MESSAGE_LIFETIME);
  return createSiweMessage({ address, chainId: CHAIN, domain: host, uri: origin, version: "1", nonce, issuedAt, expirationTime });
}

/** Signs an owner in with their own wallet, and links `account` (a Safe they own) when given. */
export async function signIn(client: Client, owner: PrivateKeyAccount, account?: Address): Promise<Tokens> {
  const message = await signInMessage(client, owner.address);
  const signature = await owner.signMessage({ message });
  const { tokens } = loginAnswer.parse(await client.must("POST", "/v1/auth/verify", { body: { message, signature, mode: "token" } }));
  if (account !== undefined) {
    await client.as(tokens.accessToken).must("POST", "/v1/auth/accounts", { body: { account, chainId: CHAIN } });
  }
  return tokens;
}

/** One owner's signature over a sign-in message, in the name of their Safe. */
export function signForSafe(safe: Address, message: string, owner: PrivateKeyAccount): Promise<string> {
  return owner.signTypedData(safeMessageTypedData({ safe, chainId: BigInt(CHAIN), message: hashMessage(message) }));
}

/** The tokens of an answer of POST /v1/auth/verify. @throws when it carries none */
export function tokensOf(answer: unknown): Tokens {
  return loginAnswer.parse(answer).tokens;
}
