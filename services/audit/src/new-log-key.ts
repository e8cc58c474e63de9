import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseSigner, signerText } from "#platform/transparency-log/note-key.js";

// node dist/services/audit/src/new-log-key.js ORIGIN FILE: a key for LOG_KEY_FILE; the public half is printed for whoever verifies.
const ED25519 = 1;
const [origin, file] = process.argv.slice(2);
if (origin === undefined || file === undefined) {
  console.error("usage: new-log-key ORIGIN FILE, for example new-log-key interlock.example/audit log.key");
  process.exit(2);
}
const text = signerText(origin, ED25519, randomBytes(32));
writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" });
console.log(parseSigner(text).verifier.text);
