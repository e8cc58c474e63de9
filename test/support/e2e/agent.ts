import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { z } from "zod";
import type { Client } from "./client.js";

const registered = z.object({ credentialId: z.string() });
const token = z.object({ accessToken: z.string() });

export interface Agent {
  readonly credentialId: string;
  readonly privateJwk: JWK;
  readonly client: Client;
}

/** An agent with a key of its own, registered by `owner` for one session and signed in. */
export async function newAgent(owner: Client, sessionId: string): Promise<Agent> {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { kty, crv, x } = await exportJWK(pair.publicKey);
  const body = { sessionId, publicJwk: { kty, crv, x }, label: "test agent" };
  const { credentialId } = registered.parse(await owner.must("POST", "/v1/auth/agents", { body }));
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(credentialId)
    .setSubject(credentialId)
    .setAudience(new URL("/v1/auth/agent/token", owner.url).toString())
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime("60s")
    .sign(pair.privateKey);
  const { accessToken } = token.parse(await owner.must("POST", "/v1/auth/agent/token", { body: { assertion } }));
  return { credentialId, privateJwk: await exportJWK(pair.privateKey), client: owner.as(accessToken) };
}
