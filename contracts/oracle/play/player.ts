import { type Address, concatHex, encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import type { RandomSource } from "../../../test/campaign/parity/random-source.js";
import { POLICY_TYPE, type Policy } from "../model/policy.js";
import { Refusal } from "../model/refusal.js";
import { answer, calldata } from "./abi.js";
import { type DrawnPolicy, drawPolicy } from "./draw-policy.js";
import type { Step } from "./step.js";
import { newWorld, START, WHO } from "./world.js";

/** A transaction: who sends what, and what the model makes of it (the bytes it returns, or nothing worth comparing). */
export interface Move {
  readonly name: string;
  readonly from: Address;
  readonly to?: Address;
  readonly data: Hex;
  play(): Hex | undefined;
}

const POLICY: readonly { readonly type: string }[] = parseAbiParameters(POLICY_TYPE);
const POLICIES = 3;

/** One sequence being played: the model, its policies, and every step so far with the model's own answer. */
export class Player {
  readonly world = newWorld();
  readonly steps: Step[] = [];
  readonly drawn: readonly [DrawnPolicy, ...DrawnPolicy[]];
  /** Deadlines that were given out: worth meeting to the second. */
  readonly instants: number[] = [];

  constructor(readonly random: RandomSource) {
    const draw = (_: unknown, index: number) => drawPolicy(random, index);
    this.drawn = [drawPolicy(random, POLICIES), ...Array.from({ length: POLICIES - 1 }, draw)];
  }

  get now(): number {
    return this.world.module.now;
  }

  set now(at: number) {
    this.world.module.now = at;
  }

  /** Calldata of the policies without their leading offset, which most steps repeat. */
  parts(): Hex[] {
    return this.drawn.map(({ policy }): Hex => `0x${encodeAbiParameters(POLICY, [policy]).slice(66)}`);
  }

  /** Mostly a session that is alive, so that limits are met and not only the refusal of dead sessions. */
  pickPolicy(): DrawnPolicy {
    const { module } = this.world;
    const alive = this.drawn.filter(({ policy }) => module.remaining(policy, WHO.tokenA)[2] !== 0 && this.now >= policy.validAfter);
    const [first, ...rest] = alive;
    return first !== undefined && this.random.chance(0.9) ? this.random.pick([first, ...rest]) : this.random.pick(this.drawn);
  }

  /** Plays a transaction; the model refuses or not, and the chain must agree to the byte. */
  play({ name, from, to = WHO.module, data, play }: Move): boolean {
    const base = { name, at: this.now, from, to, data };
    try {
      this.steps.push({ ...base, ok: true, answer: play() });
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.steps.push({ ...base, name: `${name}: ${error.message || "no reason"}`, ok: false, answer: error.data });
      return false;
    }
  }

  /** What everybody can read of a session at this instant. */
  look(policy: Policy): void {
    const { module } = this.world;
    for (const token of [WHO.tokenA, this.random.pick([WHO.nobody, WHO.tokenB])]) {
      this.#view("remaining", calldata("remaining(Policy,address)", [policy, token]), () =>
        answer("uint256,uint8,uint40", module.remaining(policy, token)),
      );
    }
  }

  /** `validate` must say, to the byte, what the use would be refused with. */
  lookAhead(data: Hex, check: () => void): void {
    this.#view("validate", data, () => {
      try {
        check();
        return answer("bool,bytes4,bytes", [true, "0x00000000", "0x"]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const selector: Hex = error.data === "0x" ? "0x00000000" : `0x${error.data.slice(2, 10)}`;
        return answer("bool,bytes4,bytes", [false, selector, concatHex(["0x", `0x${error.data.slice(10)}`])]);
      }
    });
  }

  /** Moves the clock: not at all, a little, or to the second before, at or after something happens. */
  advance(): void {
    const { random } = this;
    const draw = random.fraction();
    if (draw < 0.4) return;
    if (draw < 0.55) this.now += 1;
    else if (draw < 0.65) this.now += random.below(random.pick([10, 100, 5_000]));
    else {
      const edges = this.#edges().filter((edge) => edge + 1 >= this.now && (edge < this.now + 10_000 || random.chance(0.1)));
      const edge = edges[random.below(edges.length)] ?? START;
      this.now = Math.max(this.now, edge + random.pick([-1, 0, 0, 1]));
    }
  }

  #edges(): number[] {
    const edges = [...this.instants, ...this.world.registry.instants()];
    for (const { policy } of this.drawn) {
      edges.push(policy.validAfter);
      if (this.random.chance(0.05)) edges.push(policy.validUntil);
      edges.push(...this.world.module.session(policy).uses.map((use) => use + policy.rateWindow));
      if (policy.budgetWindow === 0) continue;
      const bucket = Math.floor((this.now - policy.validAfter) / policy.budgetWindow);
      for (const ahead of [1, 2]) edges.push(policy.validAfter + (bucket + ahead) * policy.budgetWindow);
    }
    return edges;
  }

  #view(name: string, data: Hex, play: () => Hex): void {
    this.play({ name, from: WHO.stranger, data, play });
  }
}
