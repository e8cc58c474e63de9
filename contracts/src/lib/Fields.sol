// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Policy} from "../types/Policy.sol";

/// @title A policy's fields, read straight from calldata: one CALLDATALOAD each
/// @dev Saves about 3,000 gas a use, which the compiler would spend on checking every field again at every read. Safe because
///      a session is looked up by the hash of these very bytes, and only bytes that the compiler's strict encoder produced are
///      ever armed (SessionArming): a policy with dirty bits or moved limits hashes to an id that is not armed. Whoever reads
///      a field before that look-up may not act on it.
library Fields {
    /// @dev Bytes before the limits: 14 words, the last of them the limits' offset.
    uint256 private constant HEAD = 14 * 32;
    uint256 private constant ROW = 3 * 32;

    /// @return id_ keccak256(abi.encode(policy)) when the calldata has the canonical layout, else the id of nothing
    function id(Policy calldata policy) internal pure returns (bytes32 id_) {
        assembly ("memory-safe") {
            let size := add(add(HEAD, 0x20), mul(calldataload(add(policy, HEAD)), ROW))
            // Beyond the calldata there are only zeros: a size that does not fit costs the caller its gas, and nobody else.
            let free := mload(0x40)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), policy, size)
            id_ := keccak256(free, add(size, 0x20))
        }
    }

    function safe(Policy calldata policy) internal pure returns (address value) {
        assembly ("memory-safe") {
            value := calldataload(policy)
        }
    }

    function key(Policy calldata policy) internal pure returns (address value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0x20))
        }
    }

    function validAfter(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0x40))
        }
    }

    function validUntil(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0x60))
        }
    }

    function rateWindow(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0x80))
        }
    }

    function maxOps(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0xa0))
        }
    }

    function budgetWindow(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0xc0))
        }
    }

    function epoch(Policy calldata policy) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0xe0))
        }
    }

    function scopeRoot(Policy calldata policy) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := calldataload(add(policy, 0x140))
        }
    }

    /// @return listed whether the policy has a limit for `token`
    function limitOf(Policy calldata policy, address token)
        internal
        pure
        returns (bool listed, uint256 perOp, uint256 perPeriod)
    {
        assembly ("memory-safe") {
            let row := add(policy, add(HEAD, 0x20))
            let end := add(row, mul(calldataload(add(policy, HEAD)), ROW))
            for {} lt(row, end) { row := add(row, ROW) } {
                if eq(calldataload(row), token) {
                    listed := 1
                    perOp := calldataload(add(row, 0x20))
                    perPeriod := calldataload(add(row, 0x40))
                    break
                }
            }
        }
    }
}
