import type { Address, Hex } from "viem";
import { policyId } from "../model/policy.js";
import { answer, calldata } from "./abi.js";
import type { DrawnPolicy } from "./draw-policy.js";
import type { Player } from "./player.js";
import { malleate, moduleDigest, otherDigest, safeMessageDigest, sign } from "./sign.js";
import { PRIVATE_KEYS, WHO } from "./world.js";

const ARM_STRUCT = "Arm(bytes32 id,bytes32 policyHash,address key,uint40 validUntil,uint256 armNonce,uint48 deadline)";
const DISARM_STRUCT = "Disarm(address safe,bytes32 id,uint48 deadline)";
const DISARM_ALL_STRUCT = "DisarmAll(address safe,uint32 epoch,uint48 deadline)";
/** First entry of a Safe's module list. */
const SENTINEL: Address = "0x0000000000000000000000000000000000000001";

export function playArm(player: Player, { policy }: DrawnPolicy = player.random.pick(player.drawn)): void {
  const from = player.random.chance(0.95) ? WHO.safe : player.random.pick([WHO.owner, policy.key, WHO.stranger]);
  const data = calldata("arm(Policy)", [policy]);
  player.play({ name: "arm", from, data, play: () => answer("bytes32", [player.world.module.arm(from, policy)]) });
  player.look(policy);
}

export function playArmWithSig(player: Player): void {
  const { random } = player;
  const { policy } = random.pick(player.drawn);
  const [armNonce, deadline] = [BigInt(random.pick([0, 1, 256])), drawDeadline(player)];
  const { policyHash, key, validUntil } = policy;
  const digest = moduleDigest(ARM_STRUCT, { id: policyId(policy), policyHash, key, validUntil, armNonce, deadline });
  const approved = random.chance(0.9);
  // An owner's signature over the digest itself, not over the Safe's message, is no arming.
  const signature = approved ? sign(PRIVATE_KEYS.owner, safeMessageDigest(digest)) : drawBadSafeSignature(player, digest);
  const data = calldata("armWithSig(Policy,uint256,uint48,bytes)", [policy, armNonce, deadline, signature]);
  const play = () => answer("bytes32", [player.world.module.armWithSig(policy, armNonce, deadline, approved)]);
  player.play({ name: "armWithSig", from: WHO.stranger, data, play });
  player.look(policy);
}

export function playCancelArm(player: Player): void {
  const armNonce = BigInt(player.random.pick([0, 1, 256]));
  const data = calldata("cancelArm(uint256)", [armNonce]);
  player.play({ name: "cancelArm", from: WHO.safe, data, play: () => void player.world.module.cancelArm(armNonce) });
}

export function playDisarm(player: Player): void {
  const { policy } = player.random.pick(player.drawn);
  const from = drawReducer(player);
  const data = calldata("disarm(address,bytes32)", [WHO.safe, policyId(policy)]);
  player.play({ name: "disarm", from, data, play: () => void player.world.module.disarm(from, policy) });
  playStatus(player);
}

export function playDisarmWithSig(player: Player): void {
  const { policy } = player.random.pick(player.drawn);
  const deadline = drawDeadline(player);
  const { signature, accepted } = drawReducerSignature(
    player,
    moduleDigest(DISARM_STRUCT, { safe: WHO.safe, id: policyId(policy), deadline }),
  );
  const data = calldata("disarmWithSig(address,bytes32,uint48,bytes)", [WHO.safe, policyId(policy), deadline, signature]);
  const play = () => void player.world.module.disarmWithSig(policy, deadline, accepted);
  player.play({ name: "disarmWithSig", from: WHO.stranger, data, play });
  player.look(policy);
}

export function playForfeit(player: Player): void {
  const { policy } = player.random.pick(player.drawn);
  const from = player.random.chance(0.7) ? policy.key : player.random.pick([WHO.owner, WHO.safe, WHO.stranger]);
  const data = calldata("forfeit(Policy)", [policy]);
  player.play({ name: "forfeit", from, data, play: () => void player.world.module.forfeit(from, policy) });
  player.look(policy);
}

export function playDisarmAll(player: Player): void {
  const from = drawReducer(player);
  const data = calldata("disarmAll(address)", [WHO.safe]);
  player.play({ name: "disarmAll", from, data, play: () => void player.world.module.disarmAll(from) });
  playStatus(player);
}

export function playDisarmAllWithSig(player: Player): void {
  const { module } = player.world;
  const epoch = player.random.pick([module.epoch, module.epoch, module.epoch + 1, Math.max(0, module.epoch - 1)]);
  const deadline = drawDeadline(player);
  const { signature, accepted } = drawReducerSignature(player, moduleDigest(DISARM_ALL_STRUCT, { safe: WHO.safe, epoch, deadline }));
  const data = calldata("disarmAllWithSig(address,uint32,uint48,bytes)", [WHO.safe, epoch, deadline, signature]);
  player.play({ name: "disarmAllWithSig", from: WHO.stranger, data, play: () => void module.disarmAllWithSig(epoch, deadline, accepted) });
  playStatus(player);
}

/** The Safe names another guardian, or none. */
export function playConfigure(player: Player): void {
  const guardian = player.random.pick([WHO.safeGuardian, WHO.nobody, WHO.stranger]);
  const data = calldata("configure(address,bool)", [guardian, player.random.chance(0.5)]);
  const play = () => {
    player.world.module.guardian = guardian;
    return undefined;
  };
  player.play({ name: "configure", from: WHO.safe, data, play });
}

/** The Safe switches the module off, or on again. */
export function playToggleModule(player: Player): void {
  const { module } = player.world;
  const data = module.enabled
    ? calldata("disableModule(address,address)", [SENTINEL, WHO.module])
    : calldata("enableModule(address)", [WHO.module]);
  const play = () => {
    module.enabled = !module.enabled;
    return undefined;
  };
  player.play({ name: module.enabled ? "disableModule" : "enableModule", from: WHO.safe, to: WHO.safe, data, play });
}

/** `status` of every policy: what disarming one must not do to the others. */
function playStatus(player: Player): void {
  for (const { policy } of player.drawn) {
    const data = calldata("status(address,bytes32)", [WHO.safe, policyId(policy)]);
    const play = () => answer("bool,bool,uint32,uint8", player.world.module.status(policy));
    player.play({ name: "status", from: WHO.stranger, data, play });
  }
}

function drawDeadline(player: Player): number {
  const deadline = player.now + (player.random.chance(0.06) ? -1 : player.random.pick([0, 60]));
  player.instants.push(deadline);
  return deadline;
}

function drawReducer({ random, drawn }: Player): Address {
  return random.pick([WHO.owner, WHO.owner, WHO.safe, WHO.safeGuardian, WHO.stranger, drawn[0].policy.key]);
}

/** One owner's own signature, or the Safe's; sometimes neither. */
function drawReducerSignature(player: Player, digest: Hex): { readonly signature: Hex; readonly accepted: boolean } {
  const { random } = player;
  if (random.chance(0.2)) return { signature: drawBadSafeSignature(player, otherDigest(digest)), accepted: false };
  const signed = random.chance(0.5) ? digest : safeMessageDigest(digest);
  return { signature: sign(PRIVATE_KEYS.owner, signed), accepted: true };
}

function drawBadSafeSignature({ random }: Player, digest: Hex): Hex {
  const message = safeMessageDigest(digest);
  return random.pick<Hex>([
    sign(PRIVATE_KEYS.owner, digest),
    sign(PRIVATE_KEYS.stranger, message),
    "0x",
    malleate(sign(PRIVATE_KEYS.key1, message)),
  ]);
}
