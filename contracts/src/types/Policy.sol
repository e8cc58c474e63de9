// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Spending limit for one token; token 0 is the chain's native asset. Amounts are in the token's smallest unit.
struct TokenLimit {
    address token;
    uint128 perOp;
    uint128 perPeriod;
}

/// @notice Everything an owner allows one session key to do. Committed on chain by its hash only; travels in calldata.
struct Policy {
    address safe;
    address key;
    uint40 validAfter;
    uint40 validUntil;
    uint32 rateWindow;
    uint8 maxOps;
    uint32 budgetWindow;
    uint32 epoch;
    uint40 rulesBefore;
    uint256 protocolMask;
    bytes32 scopeRoot;
    uint16 maxSlippageBps;
    bytes32 policyHash;
    TokenLimit[] limits;
}
