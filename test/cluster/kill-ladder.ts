import { expect, it } from "vitest";
import { healAllPods, isOnTheNode } from "../support/cluster/faults.js";
import { access, type Installation } from "../support/cluster/installation.js";
import { climb, probeCells } from "../support/cluster/ladder/climb.js";
import { LadderBed } from "../support/cluster/ladder/ladder-bed.js";
import { rungs } from "../support/cluster/ladder/rungs.js";
import { seededNumbers } from "../support/seeded-numbers.js";

const ORDERS = Number(process.env.LADDER_ORDERS ?? "1");
const SEED = Number(process.env.INTERLOCK_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** DISARMs of one order: two per step and two before, some of them asked for again. */
const STOPS = 60;
const SIGNERS = ["vault", "policy", "relay"] as const;
const MOST_MS = 1_500_000;

/** Dependencies and signers taken away in random orders, and given back; every cell of the ladder is probed after each step. */
export function killLadder(installation: () => Installation): void {
  if (!isOnTheNode("kills in random orders, with every cell probed")) return;
  const draw = seededNumbers(SEED);

  it.each(Array.from({ length: ORDERS }, (_, index) => index + 1))(
    `serves exactly what the ladder says, order %i of seed ${SEED}`,
    { timeout: MOST_MS },
    async () => {
      const way = await access(installation());
      const tell = (line: string) => console.log(line);
      try {
        const bed = await LadderBed.open(way, installation().cluster, STOPS);
        await bed.says(new Set());
        const all = rungs(installation(), bed, SIGNERS[draw(SIGNERS.length)] ?? "vault");
        try {
          const wrong = [...(await probeCells(bed, new Set(), tell)), ...(await climb(bed, all, draw, tell))];
          expect(wrong).toEqual([]);
        } finally {
          for (const rung of all) await rung.end().catch((error: unknown) => tell(String(error)));
          await healAllPods();
        }
      } finally {
        way.close();
      }
    },
  );
}
