import { randomUUID } from "node:crypto";
import { wireIntent } from "../../src/application/wire-intent.js";
import { withSecretKey } from "../../src/signer-core/envelope/with-secret-key.js";
import { admit } from "../../src/signer-core/handlers/admit.js";
import { sign } from "../../src/signer-core/handlers/sign.js";
import { localCore } from "./local-core.js";

/**
 * signer-core's own code where a heap snapshot can be taken: the core itself may not write one. Signs, refuses and fails, says that it has,
 * and tells its key when it is asked to, after the snapshot.
 */
const { context, session, record, floor } = await localCore();
const ROUNDS = Number(process.argv[2]);
const broken = { ...record, encryptedKey: `0x${"00".repeat(48)}` as const };
for (let i = 0; i < ROUNDS; i += 1) {
  const { intent, decision, authorization } = await session.signRequest();
  const request = { record, floor, intent: wireIntent(intent), decision, authorization };
  const { admissionId } = await admit(request, context);
  await sign({ admissionId, record }, context);
  await sign({ admissionId: randomUUID(), record }, context).catch(() => undefined);
  await withSecretKey(broken, context.keks, () => undefined).catch(() => undefined);
}
globalThis.gc?.();
process.send?.({ ready: true });
process.once("message", () => {
  void withSecretKey(record, context.keks, (secret) => void process.send?.({ key: secret.toString("hex") }));
});
