import { createHash } from "node:crypto";

/** Events of about 1,600 bytes as three services would publish them, one line each; `count` of them from `begin` on. */
export class EventSource {
  readonly #last = new Map<string, { sequence: number; hash: string }>();
  #made = 0;

  next(): Buffer {
    const i = this.#made++;
    const source = `urn:interlock:${["permissions", "vault", "relay"][i % 3]}`;
    const before = this.#last.get(source) ?? { sequence: 0, hash: "0".repeat(64) };
    const sequence = before.sequence + 1;
    const account = `31337:0x${(i % 50).toString(16).padStart(40, "0")}`;
    const hex = (salt: string) => `0x${createHash("sha256").update(`${salt}${i}`).digest("hex")}`;
    const bytes = Buffer.from(
      JSON.stringify({
        specversion: "1.0",
        id: `01a1fc97-295d-7f33-be85-${i.toString(16).padStart(12, "0")}`,
        source,
        type: i % 7 === 0 ? "session.use.denied.v1" : "session.use.authorized.v1",
        subject: "01a1fc96-e9e1-7bcc-b4c0-6faf3a1a897e",
        time: "2026-11-21T05:32:07.389Z",
        recordedtime: "2026-11-21T05:32:07.399Z",
        datacontenttype: "application/json",
        dataschema: "urn:interlock:schema:session.use.authorized.v1",
        sequence: String(sequence).padStart(20, "0"),
        sequencetype: "Integer",
        partitionkey: account,
        previoushash: before.hash,
        data: {
          account,
          digest: hex("digest"),
          calldataHash: hex("calldata"),
          policyHash: hex("policy"),
          reasons: [{ code: "RECIPIENT_NOT_ALLOWED", path: "call.to", actual: hex("actual"), expected: hex("expected") }],
          filler: "x".repeat(520 + (i % 64)),
        },
      }),
    );
    this.#last.set(source, { sequence, hash: createHash("sha256").update(bytes).digest("hex") });
    return bytes;
  }
}
