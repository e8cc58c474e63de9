import { parseAbi } from "viem";

/**
 * The part of SessionModule that an owner in trouble needs, built in so that lifeline can speak to the chain with nothing else at hand.
 * A test holds it against the contracts' generated ABI.
 */
export const emergencyAbi = parseAbi([
  "function emergencyCloseAll(address safe) payable",
  "function emergencyCloseAllWithSig(address safe, uint48 deadline, bytes signature) payable",
  "function disarm(address safe, bytes32 id)",
  "function disarmAll(address safe)",
  "function disarmWithSig(address safe, bytes32 id, uint48 deadline, bytes signature)",
  "function disarmAllWithSig(address safe, uint32 epoch, uint48 deadline, bytes signature)",
  "function epochOf(address safe) view returns (uint32)",
]);

/** What lifeline asks a Safe itself. */
export const safeOwnerAbi = parseAbi([
  "function isOwner(address owner) view returns (bool)",
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
]);
