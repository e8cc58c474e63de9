import { parseAbi } from "viem";

/** The functions of Safe 1.4.1 that this repository calls. */
export const safeAbi = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool success)",
  "function enableModule(address module)",
  "function disableModule(address previous, address module)",
  "function isModuleEnabled(address module) view returns (bool)",
  "function isOwner(address owner) view returns (bool)",
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
  "function nonce() view returns (uint256)",
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);

/** SafeProxyFactory 1.4.1. */
export const safeProxyFactoryAbi = parseAbi([
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)",
  "function proxyCreationCode() view returns (bytes)",
  "event ProxyCreation(address indexed proxy, address singleton)",
]);

/** MultiSendCallOnly 1.4.1; `transactions` is packed (operation, to, value, length, data). */
export const multiSendAbi = parseAbi(["function multiSend(bytes transactions) payable"]);
