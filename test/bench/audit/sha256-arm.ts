import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

// One streaming SHA-256 over every file of the folder; says what it cost.
const [folder = ""] = process.argv.slice(2);
const before = process.cpuUsage();
const hash = createHash("sha256");
for (const name of (await readdir(folder)).sort()) {
  for await (const chunk of createReadStream(join(folder, name), { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
}
hash.digest();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, rssMib: process.resourceUsage().maxRSS / 1024 }));
