// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice One CALL the Safe makes. There is no operation field: a session can never ask for a DELEGATECALL.
struct Call {
    address to;
    uint256 value;
    bytes data;
}
