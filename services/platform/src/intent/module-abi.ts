import { POLICY_COMPONENTS } from "../session-policy/onchain-policy.js";

const policy = { name: "policy", type: "tuple", components: POLICY_COMPONENTS } as const;
const CALL_COMPONENTS = [
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "data", type: "bytes" },
] as const;
const tail = [
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint48" },
  { name: "signature", type: "bytes" },
] as const;

/** The relayed entry points of SessionModule and its dry runs, as in CONTRACTS (compared with the generated ABI by a test). */
export const MODULE_EXEC_ABI = [
  {
    type: "function",
    name: "execSigned",
    stateMutability: "nonpayable",
    inputs: [policy, { name: "call", type: "tuple", components: CALL_COMPONENTS }, { name: "proof", type: "bytes32[]" }, ...tail],
    outputs: [],
  },
  {
    type: "function",
    name: "execBatchSigned",
    stateMutability: "nonpayable",
    inputs: [policy, { name: "calls", type: "tuple[]", components: CALL_COMPONENTS }, { name: "proofs", type: "bytes32[][]" }, ...tail],
    outputs: [],
  },
  {
    type: "function",
    name: "execAdapterSigned",
    stateMutability: "nonpayable",
    inputs: [policy, { name: "adapter", type: "address" }, { name: "args", type: "bytes" }, { name: "proof", type: "bytes32[]" }, ...tail],
    outputs: [],
  },
  {
    type: "function",
    name: "validate",
    stateMutability: "view",
    inputs: [policy, { name: "call", type: "tuple", components: CALL_COMPONENTS }, { name: "proof", type: "bytes32[]" }],
    outputs: [
      { name: "ok", type: "bool" },
      { name: "errorSelector", type: "bytes4" },
      { name: "detail", type: "bytes" },
    ],
  },
  {
    type: "function",
    name: "validateAdapter",
    stateMutability: "view",
    inputs: [policy, { name: "adapter", type: "address" }, { name: "args", type: "bytes" }, { name: "proof", type: "bytes32[]" }],
    outputs: [
      { name: "ok", type: "bool" },
      { name: "errorSelector", type: "bytes4" },
      { name: "detail", type: "bytes" },
    ],
  },
] as const;
