import { randomBytes } from "node:crypto";
import { sign } from "viem/accounts";

/** The positive control of the memory scan: a process that signs as most do, and wipes what it can. */
const secret = randomBytes(32);
for (let i = 0; i < 500; i += 1) await sign({ hash: `0x${String(i).padStart(64, "0")}`, privateKey: `0x${secret.toString("hex")}` });
// The test has to know what to look for; the message itself is one copy of it.
process.send?.({ key: secret.toString("hex") });
secret.fill(0);
setInterval(() => {}, 1_000);
