import type { OnLine } from "../adapters/line-reader.js";
import { ProducerChains, type ProducerKeys } from "../domain/producer-chain.js";
import type { Finding } from "../domain/verdict.js";
import { isWithheld } from "../domain/withheld-line.js";

/** What is wrong with the producers' own chains and signatures; nothing is looked at without their keys. A second pass over the entries. */
export async function brokenChains(
  keys: ProducerKeys | undefined,
  read: (onLine: OnLine) => Promise<void>,
  begin: number,
): Promise<readonly Finding[]> {
  if (keys === undefined) return [];
  const chains = new ProducerChains(keys);
  let index = begin;
  await read((bytes, start, end) => {
    if (!isWithheld(bytes, start, end)) chains.see(bytes.toString("utf8", start, end), index);
    index += 1;
  });
  chains.end();
  return chains.findings;
}
