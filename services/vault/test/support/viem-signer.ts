import { randomBytes } from "node:crypto";
import { type Hex, toHex } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";

/** The positive control of the memory scan: a process that signs as most do, with an account, and wipes what it can. */
const secret = randomBytes(32);
const account = privateKeyToAccount(`0x${secret.toString("hex")}`);
const digest = (i: number): Hex => toHex(i, { size: 32 });
for (let i = 0; i < 500; i += 1) await sign({ hash: digest(i), privateKey: `0x${secret.toString("hex")}` });
// The test has to know what to look for; the message itself is one copy of it.
process.send?.({ key: secret.toString("hex") });
secret.fill(0);
setInterval(() => void account.sign({ hash: digest(0) }), 1_000);
