import { parseAbi } from "viem";

/** The getters of GMX's DataStore that find an account's orders and positions. */
export const dataStoreAbi = parseAbi([
  "function getBytes32ValuesAt(bytes32 setKey, uint256 start, uint256 end) view returns (bytes32[])",
  "function getBytes32Count(bytes32 setKey) view returns (uint256)",
]);
