import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { SignJWT } from "jose";
import { getAddress, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { agentTokenAnswer, loginAnswer, nonceAnswer } from "../answers.js";
import { type Context, contextOf } from "../context.js";

/** Life of a login message and of an agent's assertion, in milliseconds. */
const MESSAGE_LIFETIME = 5 * 60_000;
const ASSERTION_LIFETIME = 60_000;

interface LoginOptions {
  readonly keyFile: string;
  readonly chain: string;
  readonly account?: string;
  readonly credential?: string;
}

async function loginAsOwner({ api, show }: Context, options: LoginOptions): Promise<void> {
  const wallet = privateKeyToAccount(readFileSync(options.keyFile, "utf8").trim() as Hex);
  const { nonce } = nonceAnswer.parse(await api.call("GET", "/v1/auth/nonce"));
  const now = Date.now();
  const message = createSiweMessage({
    domain: new URL(api.url).host,
    uri: new URL(api.url).origin,
    address: wallet.address,
    chainId: Number(options.chain),
    nonce,
    version: "1",
    statement: "Sign in to Interlock.",
    issuedAt: new Date(now),
    expirationTime: new Date(now + MESSAGE_LIFETIME),
  });
  const signature = await wallet.signMessage({ message });
  const answer = loginAnswer.parse(await api.call("POST", "/v1/auth/verify", { body: { message, signature, mode: "token" } }));
  if (answer.tokens === undefined) throw new Error(`the login needs ${answer.needed} signatures and has ${answer.collected}`);
  const { accessToken, refreshToken } = answer.tokens;
  api.keep({ url: api.url, accessToken, subject: wallet.address, kind: "owner", ...(refreshToken === undefined ? {} : { refreshToken }) });
  if (options.account !== undefined) {
    const body = { account: getAddress(options.account), chainId: Number(options.chain) };
    await api.call("POST", "/v1/auth/accounts", { body });
  }
  show({ subject: wallet.address, kind: "owner" }, [`signed in as ${wallet.address}`]);
}

async function loginAsAgent({ api, show }: Context, options: LoginOptions & { readonly credential: string }): Promise<void> {
  const jwk = JSON.parse(readFileSync(options.keyFile, "utf8"));
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const now = Date.now();
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(options.credential)
    .setSubject(options.credential)
    .setAudience(new URL("/v1/auth/agent/token", api.url).toString())
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + ASSERTION_LIFETIME) / 1000))
    .sign(key);
  const { accessToken } = agentTokenAnswer.parse(await api.call("POST", "/v1/auth/agent/token", { body: { assertion } }));
  api.keep({ url: api.url, accessToken, subject: options.credential, kind: "agent" });
  show({ subject: options.credential, kind: "agent" }, [`signed in as agent ${options.credential}`]);
}

/** `interlock login`: an owner with their wallet's key, or an agent with the key registered for its session. */
export function registerLogin(program: Command): void {
  program
    .command("login")
    .description("sign in as an owner (wallet key) or as an agent (--credential)")
    .requiredOption("--key-file <file>", "the owner's private key in hex, or the agent's private Ed25519 JWK")
    .addOption(new Option("--chain <id>", "chain the owner signs in for").default("31337"))
    .option("--account <address>", "Safe to act for; checked on chain")
    .option("--credential <id>", "sign in as the agent with this credential id")
    .action(async (options: LoginOptions, command: Command) => {
      const context = contextOf(command);
      const { credential } = options;
      if (credential === undefined) await loginAsOwner(context, options);
      else await loginAsAgent(context, { ...options, credential });
    });
}
