/** Something that must never be written anywhere, as bytes. */
export interface Secret {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A secret that is text as it is used: a password, a token. */
export const textSecret = (name: string, text: string): Secret => ({ name, bytes: Buffer.from(text) });
/** A secret that is known by an encoding of its bytes. */
export const keySecret = (name: string, text: string, encoding: "hex" | "base64" | "base64url"): Secret => ({
  name,
  bytes: Buffer.from(encoding === "hex" ? text.replace(/^0x/, "") : text, encoding),
});

/** Every way these bytes may stand in a text. */
export function writings({ bytes }: Secret): readonly string[] {
  const buffer = Buffer.from(bytes);
  const base64 = buffer.toString("base64").replace(/=+$/, "");
  return [buffer.toString("utf8"), buffer.toString("hex"), buffer.toString("hex").toUpperCase(), base64, buffer.toString("base64url")];
}

/** Names of the secrets that stand in `text`, in whatever writing. */
export function secretsIn(text: string, secrets: readonly Secret[]): readonly string[] {
  return secrets.filter((secret) => writings(secret).some((writing) => text.includes(writing))).map(({ name }) => name);
}
