import { parseAbi } from "viem";

/** The getter of GMX's DataStore that finds an account's orders. */
export const dataStoreAbi = parseAbi(["function getBytes32ValuesAt(bytes32 setKey, uint256 start, uint256 end) view returns (bytes32[])"]);
