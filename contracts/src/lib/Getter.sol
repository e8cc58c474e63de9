// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title One word from a contract that may be broken or hostile
library Getter {
    /// @notice Asks `target` and takes one word of its answer.
    /// @dev What it burns is bounded by `gasLimit`, and nothing but the word is copied: long answers of many targets would else add
    ///      up in memory, whose cost is quadratic. Memory-safe: writes scratch space only.
    /// @param index which word of the answer, from 0
    /// @return ok false when it reverted, has no code, or answered with less
    /// @return value the word; 0 when not ok
    function word(address target, uint256 gasLimit, bytes memory data, uint256 index)
        internal
        view
        returns (bool ok, uint256 value)
    {
        assembly ("memory-safe") {
            ok := staticcall(gasLimit, target, add(data, 0x20), mload(data), 0, 0)
            ok := and(ok, gt(returndatasize(), add(shl(5, index), 0x1f)))
            if ok {
                returndatacopy(0, shl(5, index), 0x20)
                value := mload(0)
            }
        }
    }
}
