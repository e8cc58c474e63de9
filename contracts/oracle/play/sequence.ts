import type { Hex } from "viem";
import { RandomSource } from "../../../test/campaign/parity/random-source.js";
import {
  playArm,
  playArmWithSig,
  playCancelArm,
  playConfigure,
  playDisarm,
  playDisarmAll,
  playDisarmAllWithSig,
  playDisarmWithSig,
  playForfeit,
  playToggleModule,
} from "./moves-authority.js";
import { playRegistry } from "./moves-registry.js";
import { playBatch, playCancelIntent, playUse } from "./moves-use.js";
import { Player } from "./player.js";
import type { Step } from "./step.js";

/** A sequence as a function of its seed: the policies' bytes and every step with the model's answer. */
export interface Sequence {
  readonly seed: number;
  readonly parts: readonly Hex[];
  readonly steps: readonly Step[];
}

const MOVES = 20;

/** Moves and how often each is drawn, in parts of their sum. */
const WEIGHTED: readonly (readonly [number, (player: Player) => void])[] = [
  [56, playUse],
  [16, playBatch],
  [3, playArm],
  [4, playArmWithSig],
  [1, playCancelArm],
  [2, playCancelIntent],
  [1.5, playDisarm],
  [1.5, playDisarmWithSig],
  [1.5, playForfeit],
  [0.7, playDisarmAll],
  [0.8, playDisarmAllWithSig],
  [1, playConfigure],
  [1, playToggleModule],
  [9, playRegistry],
];
const SUM = WEIGHTED.reduce((sum, [weight]) => sum + weight, 0);

/** Plays 20 random moves against the model; every move is followed by what can be read of the session it touched. */
export function playSequence(seed: number): Sequence {
  const player = new Player(new RandomSource(seed));
  // Without a session there is little to attack: most are armed at once.
  for (const drawn of player.drawn) if (player.random.chance(0.8)) playArm(player, drawn);
  for (let move = player.drawn.length; move < MOVES; ++move) {
    player.advance();
    draw(player)(player);
  }
  return { seed, parts: player.parts(), steps: player.steps };
}

function draw({ random }: Player): (player: Player) => void {
  let at = random.fraction() * SUM;
  for (const [weight, move] of WEIGHTED) {
    at -= weight;
    if (at < 0) return move;
  }
  return playUse;
}
