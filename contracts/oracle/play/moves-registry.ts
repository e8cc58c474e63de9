import type { Address, Hex } from "viem";
import { KIND, NO_ARGUMENT, type Rule } from "../model/registry.js";
import { calldata } from "./abi.js";
import type { Player } from "./player.js";
import { SELECTOR, WHO } from "./world.js";

const RULE = "(uint40 enabledAt,uint8 protocolId,uint8 recipientArg,uint8 amountArg,uint8 kind,uint16 exactLength)";

/** One change of the registry: mostly by who may, sometimes by who may not. */
export function playRegistry(player: Player): void {
  const { random } = player;
  const by = random.chance(0.9) ? WHO.governor : random.pick([WHO.guardian, WHO.stranger, WHO.safe]);
  const reducer = random.chance(0.9) ? random.pick([WHO.guardian, WHO.governor]) : random.pick([WHO.stranger, WHO.safe]);
  random.pick([queueRule, queueRule, queueRecipient, queueRecipient, queueUnpause])(player, by);
  if (random.chance(0.5)) random.pick([removeRule, removeRecipient, pause])(player, reducer);
}

function queueRule(player: Player, by: Address): void {
  const { registry } = player.world;
  const [target, selector] = drawTarget(player);
  const rule = drawRule(player, selector);
  const data = calldata(`queueRule(address,bytes4,${RULE})`, [target, selector, rule]);
  player.play({
    name: "queueRule",
    from: by,
    to: WHO.registry,
    data,
    play: () => void registry.queueRule(by, target, selector, rule, player.now),
  });
}

function queueRecipient(player: Player, by: Address): void {
  const { random, world } = player;
  const protocolId = random.pick([1, 1, 2, 3, 5, 0, 255]);
  const recipient = random.pick([WHO.recipient2, WHO.stranger, WHO.recipient1, WHO.nobody]);
  const data = calldata("queueRecipient(uint8,address)", [protocolId, recipient]);
  const play = () => void world.registry.queueRecipient(by, protocolId, recipient, player.now);
  player.play({ name: "queueRecipient", from: by, to: WHO.registry, data, play });
}

function queueUnpause(player: Player, by: Address): void {
  const protocolId = player.random.pick([1, 2, 3, 5]);
  const data = calldata("queueUnpause(uint8)", [protocolId]);
  const play = () => void player.world.registry.queueUnpause(by, protocolId, player.now);
  player.play({ name: "queueUnpause", from: by, to: WHO.registry, data, play });
}

function removeRule(player: Player, by: Address): void {
  const [target, selector] = drawTarget(player);
  const data = calldata("removeRule(address,bytes4)", [target, selector]);
  player.play({
    name: "removeRule",
    from: by,
    to: WHO.registry,
    data,
    play: () => void player.world.registry.removeRule(by, target, selector),
  });
}

function removeRecipient(player: Player, by: Address): void {
  const { random, world } = player;
  const protocolId = random.pick([1, 2, 3, 5]);
  const recipient = random.pick([WHO.recipient1, WHO.recipient2, WHO.vault, WHO.stranger]);
  const data = calldata("removeRecipient(uint8,address)", [protocolId, recipient]);
  const play = () => void world.registry.removeRecipient(by, protocolId, recipient);
  player.play({ name: "removeRecipient", from: by, to: WHO.registry, data, play });
}

function pause(player: Player, by: Address): void {
  const protocolId = player.random.pick([1, 2, 3, 5]);
  const data = calldata("pauseProtocol(uint8)", [protocolId]);
  player.play({ name: "pauseProtocol", from: by, to: WHO.registry, data, play: () => void player.world.registry.pause(by, protocolId) });
}

function drawTarget({ random }: Player): readonly [Address, Hex] {
  return random.pick<readonly [Address, Hex]>([
    [WHO.tokenA, SELECTOR.transfer],
    [WHO.tokenB, SELECTOR.transfer],
    [WHO.tokenB, SELECTOR.approve],
    [WHO.tokenB, SELECTOR.approve],
    [WHO.stranger, SELECTOR.none],
    [WHO.stranger, SELECTOR.none],
    [WHO.recipient2, SELECTOR.ping],
    [WHO.registry, SELECTOR.ping],
    [WHO.nobody, SELECTOR.ping],
  ]);
}

/** The rule that fits the selector, or one with a field spoiled. */
function drawRule({ random }: Player, selector: Hex): Rule {
  const two = { enabledAt: random.below(3), recipientArg: 0, amountArg: 1, exactLength: 68 };
  const bare = {
    enabledAt: 0,
    recipientArg: NO_ARGUMENT,
    amountArg: NO_ARGUMENT,
    kind: KIND.call,
    exactLength: selector === SELECTOR.none ? 0 : 4,
  };
  const fitting: Rule =
    selector === SELECTOR.transfer
      ? { ...two, protocolId: 1, kind: KIND.transfer }
      : selector === SELECTOR.approve
        ? { ...two, protocolId: 5, kind: KIND.approve }
        : { ...bare, protocolId: random.pick([1, 200]) };
  if (random.chance(0.8)) return fitting;
  return {
    ...fitting,
    ...random.pick<Partial<Rule>>([
      { protocolId: 0 },
      { kind: KIND.none },
      { kind: KIND.approve },
      { kind: KIND.transfer },
      { recipientArg: NO_ARGUMENT },
      { amountArg: NO_ARGUMENT },
      { exactLength: 67 },
      { exactLength: 3 },
      { recipientArg: 2 },
      { amountArg: 7 },
    ]),
  };
}
