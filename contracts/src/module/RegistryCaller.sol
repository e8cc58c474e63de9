// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PolicyRegistry} from "../registry/PolicyRegistry.sol";
import {Policy} from "../types/Policy.sol";
import {SessionState} from "./SessionState.sol";

/// @title How the module asks the registry about one call
abstract contract RegistryCaller is SessionState {
    /// @dev `registry.check(policy.safe, policy.protocolMask, policy.rulesBefore, target, data)`, its calldata written by hand
    ///      from the policy's own words. Saves about 500 gas of decoding and encoding. Safe because the layout is that of
    ///      abi.encodeCall, the registry is immutable code of this repository, and a refusal is passed on as it is. Memory is
    ///      used above the free pointer and not kept.
    function _askRegistry(Policy calldata policy, address target, bytes calldata data)
        internal
        view
        returns (uint256 kind, address recipient, uint256 amount)
    {
        address to = address(registry);
        bytes4 selector = PolicyRegistry.check.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 0x04), calldataload(policy)) // safe
            mstore(add(free, 0x24), calldataload(add(policy, 0x120))) // protocolMask
            mstore(add(free, 0x44), calldataload(add(policy, 0x100))) // rulesBefore
            mstore(add(free, 0x64), target)
            mstore(add(free, 0x84), 0xa0) // where data starts
            mstore(add(free, 0xa4), data.length)
            calldatacopy(add(free, 0xc4), data.offset, data.length)
            if iszero(staticcall(gas(), to, free, add(0xc4, data.length), free, 0x60)) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            kind := mload(free)
            recipient := mload(add(free, 0x20))
            amount := mload(add(free, 0x40))
        }
    }
}
