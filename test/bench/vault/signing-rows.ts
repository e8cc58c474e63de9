import type { ResultRow } from "../../../deploy/local/results/result-file.js";
import { coreArms } from "./core-arms.js";
import { cpuPerCall } from "./cpu-slices.js";
import { webCryptoPath } from "./web-crypto-path.js";

const CALLS = 100;

/** CPU of opening a key and signing, and of the whole authorised sign, against WebCrypto and viem in the same slices. */
export async function signingRows(slices: number): Promise<readonly ResultRow[]> {
  const core = await coreArms();
  const base = await webCryptoPath();
  let requests: Awaited<ReturnType<typeof core.requests>> = [];
  const next = () => {
    const request = requests.pop();
    if (request === undefined) throw new Error("requests ran out");
    return request;
  };
  const cpu = await cpuPerCall(
    {
      base: () => base(core.digest),
      decryptSign: core.decryptSign,
      verified: core.decryptSignVerify,
      authorised: () => core.authorisedSign(next()),
    },
    {
      slices,
      calls: CALLS,
      // Tickets live for 30 s.
      prepare: async () => {
        requests = await core.requests(CALLS);
      },
    },
  );
  const us = (value: number) => `${value.toFixed(0)} us`;
  const note = (ours: number) => `Node ${process.versions.node}: ours ${us(ours)}, WebCrypto + viem ${us(cpu.base)}`;
  return [
    { name: "decrypt_sign_speedup", value: cpu.base / cpu.decryptSign, unit: "times", bar: 4, rounds: slices, note: note(cpu.decryptSign) },
    { name: "decrypt_sign_verify_speedup", value: cpu.base / cpu.verified, unit: "times", rounds: slices, note: note(cpu.verified) },
    {
      name: "authorised_sign_ratio",
      value: cpu.authorised / cpu.base,
      unit: "ratio",
      bar: 0.7,
      rounds: slices,
      note: note(cpu.authorised),
    },
  ];
}
