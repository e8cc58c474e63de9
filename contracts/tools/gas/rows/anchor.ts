import { encodeDeployData, encodeFunctionData, type Hex } from "viem";
import { deployThroughFactory } from "../../../deploy/singleton-factory.js";
import { auditAnchorAbi, auditAnchorBytecode } from "../../../generated/audit-anchor.js";
import type { Fixture } from "../fixture.js";
import { gasOf } from "../measure.js";
import { consistencyProof, leafHashes, treeHash } from "../merkle-tree.js";
import { type GasRow, row } from "../row.js";

/** Anchoring the audit log's next root, with the consistency proof checked on chain; the publisher has anchored before. */
export async function anchorRows({ key, ownerClient }: Fixture): Promise<GasRow[]> {
  const initCode = encodeDeployData({ abi: auditAnchorAbi, bytecode: auditAnchorBytecode });
  const anchor = await deployThroughFactory(key, initCode);
  const leaves = leafHashes(1_000_000);
  const measure = async (client: Fixture["key"], from: number, to: number) => {
    const send = (size: number, proof: readonly Hex[]) => {
      const args = [BigInt(size), treeHash(leaves, 0, size), proof] as const;
      return gasOf(client, anchor, encodeFunctionData({ abi: auditAnchorAbi, functionName: "anchor", args }));
    };
    await send(from, []);
    return send(to, consistencyProof(leaves, from, to));
  };
  return [
    row("anchor_1k", await measure(key, 990, 1_000), { note: "990 -> 1,000 entries" }),
    row("anchor_1m", await measure(ownerClient, 990_000, 1_000_000), { bar: 90_000, note: "990,000 -> 1,000,000 entries" }),
  ];
}
