import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { importJWK, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { SERVICE_TOKEN_TYPE } from "#platform/service-auth/service-token-issuer.js";
import type { Stack } from "../../../deploy/local/stack.js";

/** The private key in a file of the stack. */
export function keyIn(file: string): JWK {
  return JSON.parse(readFileSync(file, "utf8"));
}

export interface Forgery {
  readonly issuer: string;
  readonly audience: string;
  readonly act?: object;
  /** Seconds ago it was issued; 0 by default. Tokens live 60 s. */
  readonly age?: number;
  /** Whose key signs; the issuer's own by default. */
  readonly keyOf?: string;
}

function claims({ issuer, audience, act, age = 0 }: Forgery): JWTPayload {
  const iat = Math.floor(Date.now() / 1000) - age;
  const subject = { iss: issuer, sub: issuer, aud: audience, jti: randomUUID(), iat, exp: iat + 60 };
  return act === undefined ? subject : { ...subject, act };
}

/** A service token as its issuer would mint it, except for what the forgery says otherwise. */
export async function serviceToken({ keys }: Stack, forgery: Forgery): Promise<string> {
  const key = keyIn(keys.serviceKeyFile(forgery.keyOf ?? forgery.issuer));
  const header = { alg: "EdDSA", typ: SERVICE_TOKEN_TYPE, kid: `${forgery.issuer}-1` };
  return new SignJWT(claims(forgery)).setProtectedHeader(header).sign(await importJWK(key, "EdDSA"));
}

/** The same, with `alg: none` and no signature. */
export const unsignedServiceToken = (forgery: Forgery): string => unsigned(SERVICE_TOKEN_TYPE, claims(forgery));

/** An unsecured JWT of a type. */
export function unsigned(typ: string, payload: JWTPayload): string {
  const [, body, signature] = new UnsecuredJWT(payload).encode().split(".");
  const header = Buffer.from(JSON.stringify({ alg: "none", typ })).toString("base64url");
  return `${header}.${body}.${signature}`;
}
