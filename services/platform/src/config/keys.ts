import type { JWK } from "jose";
import { z } from "zod";

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const privateJwk = (shape: { readonly kty: string; readonly crv: string }, rule: string) =>
  z.string().transform((text, context): JWK => {
    const parsed = z
      .object({ kty: z.literal(shape.kty), crv: z.literal(shape.crv), d: z.string().min(40) })
      .loose()
      .safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: rule });
    return z.NEVER;
  });

/** JSON of a private Ed25519 JWK: the key a service signs its tokens with. */
export const ed25519PrivateJwk = privateJwk({ kty: "OKP", crv: "Ed25519" }, "must be a private Ed25519 JWK");

/** JSON of a private P-256 JWK: the key a service signs tickets with. */
export const p256PrivateJwk = privateJwk({ kty: "EC", crv: "P-256" }, "must be a private P-256 JWK");

/** 32 bytes in base64: a symmetric key. */
export const bytes32 = z.string().transform((text, context): Buffer => {
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length === 32 && bytes.toString("base64") === text.trim()) return bytes;
  context.addIssue({ code: "custom", message: "must be 32 bytes in base64" });
  return z.NEVER;
});
