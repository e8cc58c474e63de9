import { type Address, type Hex, keccak256 } from "viem";
import type { Call } from "../model/call.js";
import type { Intent } from "../model/module.js";
import { policyId } from "../model/policy.js";
import { calldata } from "./abi.js";
import type { DrawnPolicy } from "./draw-policy.js";
import type { Player } from "./player.js";
import { APPROVE_VAULT, DEPOSIT_SAFE, ODD_SHAPES, SHAPES, type Shape, spoil } from "./shapes.js";
import { malleate, moduleDigest, otherDigest, sign, truncate } from "./sign.js";
import { PRIVATE_KEYS, WHO } from "./world.js";

const CALL_STRUCT = "Call(address to,uint256 value,bytes data)";
const EXEC_STRUCT = "Exec(bytes32 id,address to,uint256 value,bytes data,uint256 nonce,uint48 deadline)";
const BATCH_STRUCT = "ExecBatch(bytes32 id,Call[] calls,uint256 nonce,uint48 deadline)";
const ADAPTER_STRUCT = "ExecAdapter(bytes32 id,address adapter,bytes args,uint256 nonce,uint48 deadline)";
const ANOTHER: Hex = keccak256("0x01");

interface DrawnCall {
  readonly call: Call;
  readonly proof: readonly Hex[];
}

/** One call or adapter operation, by the key or by its signed intent; asked of `validate` first. */
export function playUse(player: Player): void {
  const { random } = player;
  const drawn = player.pickPolicy();
  const shape = drawShape(player, drawn);
  const { call, proof } = drawCall(player, drawn, shape);
  const asAdapter = random.chance(0.95) ? shape.adapter : !shape.adapter;
  if (asAdapter) playAdapter(player, drawn, call, proof);
  else playCall(player, drawn, call, proof);
  player.look(drawn.policy);
}

/** Up to five calls at once, often an approval and what uses it up. */
export function playBatch(player: Player): void {
  const { random } = player;
  const drawn = player.pickPolicy();
  const calls = random.chance(0.5) ? drawApproval(player, drawn) : drawSeveral(player, drawn);
  const proofs = calls.map(({ proof }) => proof);
  if (random.chance(0.03)) proofs.pop();
  const { policy } = drawn;
  const plain = calls.map(({ call }) => call);
  if (random.chance(0.6)) {
    const from = sender(player, policy.key);
    const data = calldata("execBatch(Policy,Call[],bytes32[][])", [policy, plain, proofs]);
    player.play({ name: "execBatch", from, data, play: () => void player.world.module.execBatch(from, policy, plain, proofs) });
  } else {
    const struct = (nonce: bigint, deadline: number) =>
      moduleDigest(BATCH_STRUCT, { id: policyId(policy), calls: plain, nonce, deadline }, CALL_STRUCT);
    const { intent, signature } = drawIntent(player, policy.key, struct);
    const args = [policy, plain, proofs, intent.nonce, intent.deadline, signature];
    const data = calldata("execBatchSigned(Policy,Call[],bytes32[][],uint256,uint48,bytes)", args);
    const play = () => void player.world.module.execBatch(intent, policy, plain, proofs);
    player.play({ name: "execBatchSigned", from: WHO.stranger, data, play });
  }
  player.look(policy);
}

/** A signed but unused intent made worthless. */
export function playCancelIntent(player: Player): void {
  const { random } = player;
  const { policy } = random.pick(player.drawn);
  const from = random.pick([policy.key, WHO.owner, WHO.safe, WHO.safeGuardian, WHO.stranger]);
  const nonce = BigInt(random.below(4));
  const data = calldata("cancelIntent(Policy,uint256)", [policy, nonce]);
  player.play({ name: "cancelIntent", from, data, play: () => void player.world.module.cancelIntent(from, policy, nonce) });
}

function playCall(player: Player, { policy }: DrawnPolicy, call: Call, proof: readonly Hex[]): void {
  const { module } = player.world;
  player.lookAhead(calldata("validate(Policy,Call,bytes32[])", [policy, call, proof]), () => module.validate(policy, call, proof));
  if (player.random.chance(0.6)) {
    const from = sender(player, policy.key);
    const data = calldata("exec(Policy,Call,bytes32[])", [policy, call, proof]);
    player.play({ name: "exec", from, data, play: () => void module.exec(from, policy, call, proof) });
    return;
  }
  const struct = (nonce: bigint, deadline: number) => moduleDigest(EXEC_STRUCT, { id: policyId(policy), ...call, nonce, deadline });
  const { intent, signature } = drawIntent(player, policy.key, struct);
  const args = [policy, call, proof, intent.nonce, intent.deadline, signature];
  const data = calldata("execSigned(Policy,Call,bytes32[],uint256,uint48,bytes)", args);
  player.play({ name: "execSigned", from: WHO.stranger, data, play: () => void module.exec(intent, policy, call, proof) });
}

function playAdapter(player: Player, { policy }: DrawnPolicy, call: Call, proof: readonly Hex[]): void {
  const { module } = player.world;
  const [adapter, args] = [call.to, call.data];
  const ask = calldata("validateAdapter(Policy,address,bytes,bytes32[])", [policy, adapter, args, proof]);
  player.lookAhead(ask, () => module.validateAdapter(policy, adapter, args, proof));
  if (player.random.chance(0.6)) {
    const from = sender(player, policy.key);
    const data = calldata("execAdapter(Policy,address,bytes,bytes32[])", [policy, adapter, args, proof]);
    player.play({ name: "execAdapter", from, data, play: () => void module.execAdapter(from, policy, adapter, args, proof) });
    return;
  }
  const struct = (nonce: bigint, deadline: number) =>
    moduleDigest(ADAPTER_STRUCT, { id: policyId(policy), adapter, args, nonce, deadline });
  const { intent, signature } = drawIntent(player, policy.key, struct);
  const all = [policy, adapter, args, proof, intent.nonce, intent.deadline, signature];
  const data = calldata("execAdapterSigned(Policy,address,bytes,bytes32[],uint256,uint48,bytes)", all);
  const play = () => void module.execAdapter(intent, policy, adapter, args, proof);
  player.play({ name: "execAdapterSigned", from: WHO.stranger, data, play });
}

function drawCall(player: Player, drawn: DrawnPolicy, shape: Shape, amount = drawAmount(player, drawn, shape.token)): DrawnCall {
  const made = shape.make(amount);
  const call = player.random.chance(0.06) ? spoil(player.random, made) : made;
  return { call, proof: drawProof(player, drawn, shape.leaf) };
}

/** Mostly one of the policy's own scope, where it has one. */
function drawShape({ random }: Player, { proofs }: DrawnPolicy): Shape {
  const [first, ...rest] = SHAPES.filter(({ leaf }) => proofs.has(leaf));
  if (first !== undefined && random.chance(0.8)) return random.pick([first, ...rest]);
  return random.chance(0.88) ? random.pick(SHAPES) : random.pick(ODD_SHAPES);
}

function drawProof({ random }: Player, { proofs }: DrawnPolicy, leaf: Hex): readonly Hex[] {
  const proof = proofs.get(leaf) ?? [];
  if (random.chance(0.95)) return proof;
  return random.chance(0.5) ? [...proof, ANOTHER] : proof.slice(1);
}

/** Amounts at the edges of both limits of a token, as they stand now. */
function drawAmount({ random, world }: Player, { policy }: DrawnPolicy, token: Address): bigint {
  const perOp = policy.limits.find((limit) => limit.token === token)?.perOp ?? 5n;
  const [left] = world.module.remaining(policy, token);
  const small = perOp > 1_000n ? 1_000n : perOp;
  return random.pick([0n, 1n, small, small, small + 1n, left > 10_000n ? 7n : left, left > 10_000n ? 8n : left + 1n, small / 2n]);
}

/** approve and deposit, of one amount or of two that differ. */
function drawApproval(player: Player, drawn: DrawnPolicy): DrawnCall[] {
  const amount = drawAmount(player, drawn, WHO.tokenA);
  const used = player.random.pick([amount, amount, amount, amount + 1n, amount / 2n]);
  const pair = [drawCall(player, drawn, APPROVE_VAULT, amount), drawCall(player, drawn, DEPOSIT_SAFE, used)];
  return player.random.chance(0.3) ? [...drawSeveral(player, drawn).slice(0, 2), ...pair] : pair;
}

function drawSeveral(player: Player, drawn: DrawnPolicy): DrawnCall[] {
  const length = player.random.pick([0, 1, 2, 2, 3, 4, 5]);
  return Array.from({ length }, () => drawCall(player, drawn, drawShape(player, drawn)));
}

function sender({ random }: Player, key: Address): Address {
  return random.chance(0.95) ? key : random.pick([WHO.owner, WHO.stranger, WHO.safe, WHO.key1, WHO.key2]);
}

/** A signed intent, sometimes by a wrong key, over something else, malleated or cut; nonces are few so that they collide. */
function drawIntent(player: Player, key: Address, digestOf: (nonce: bigint, deadline: number) => Hex) {
  const { random, now } = player;
  const deadline = now + (random.chance(0.06) ? -1 : random.pick([0, 60]));
  player.instants.push(deadline);
  const nonce = BigInt(random.pick([0, 1, 2, 3, 255, 256, 511]));
  const digest = digestOf(nonce, deadline);
  const own = key === WHO.key2 ? PRIVATE_KEYS.key2 : PRIVATE_KEYS.key1;
  const good = sign(own, digest);
  const signer = [WHO.key1, WHO.key2].find((one) => one === key);
  const drawn = random.chance(0.9)
    ? { signature: good, signer }
    : random.pick<{ readonly signature: Hex; readonly signer: Address | undefined }>([
        { signature: sign(PRIVATE_KEYS.stranger, digest), signer: WHO.stranger },
        { signature: sign(own, otherDigest(digest)), signer: undefined },
        { signature: malleate(good), signer: undefined },
        { signature: truncate(good), signer: undefined },
      ]);
  const intent: Intent = { nonce, deadline, signer: drawn.signer };
  return { intent, signature: drawn.signature };
}
