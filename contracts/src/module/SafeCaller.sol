// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {SessionErrors} from "./SessionErrors.sol";

/// @title How the module makes a Safe act: always a plain CALL
abstract contract SafeCaller is SessionErrors {
    uint8 private constant CALL = 0;
    /// @dev How much of a failure is passed on: a target that answers with megabytes costs the payer no more than this.
    uint256 private constant MAX_REASON = 1_024;
    /// @dev What one step of an emergency close gets, whoever sends it: less would let a submitter starve a step (EIP-150 keeps
    ///      1/64 back at each call) and have it counted as the position's failure; more would let one target burn the others' share.
    uint256 internal constant STEP_GAS = 5_000_000;
    /// @dev The least that must be left before a step: two calls deep, each keeps 1/64 back.
    uint256 private constant STEP_GAS_ASKED = STEP_GAS + STEP_GAS / 31;

    /// @dev Reverts unless the call succeeded. Nothing is spent on the check that the module is enabled while it is.
    ///      The Safe's calldata is written once, from this call's own: saves about 400 gas. Safe because the layout is that of
    ///      abi.encodeCall and the operation is the constant 0. Memory is used above the free pointer and not kept.
    function _callThrough(address safe, address to, uint256 value, bytes calldata data)
        internal
        returns (uint256 size, uint256 word)
    {
        bytes4 selector = ISafe.execTransactionFromModuleReturnData.selector;
        uint256 start;
        uint256 length;
        assembly ("memory-safe") {
            start := mload(0x40)
            mstore(start, selector)
            mstore(add(start, 0x04), to)
            mstore(add(start, 0x24), value)
            mstore(add(start, 0x44), 0x80) // where data starts
            mstore(add(start, 0x64), CALL)
            mstore(add(start, 0x84), data.length)
            calldatacopy(add(start, 0xa4), data.offset, data.length)
            // Padding to whole words is left out: Solidity's decoder, and so the Safe, reads data.length bytes.
            length := add(0xa4, data.length)
        }
        return _send(safe, start, length);
    }

    /// @dev The same for a call that an adapter built in memory.
    function _callBuilt(address safe, address to, uint256 value, bytes memory data)
        internal
        returns (uint256 size, uint256 word)
    {
        bytes memory input =
            abi.encodeCall(ISafe.execTransactionFromModuleReturnData, (to, value, data, CALL));
        uint256 start;
        assembly ("memory-safe") {
            start := add(input, 0x20)
        }
        return _send(safe, start, input.length);
    }

    /// @dev For steps that may fail without stopping the others: neither what a target burns nor what it answers costs more
    ///      than its own step.
    function _tryThrough(address safe, address to, uint256 value, bytes memory data)
        internal
        returns (bool success, bytes memory answer)
    {
        _requireStepGas();
        bytes memory input =
            abi.encodeCall(ISafe.execTransactionFromModuleReturnData, (to, value, data, CALL));
        assembly ("memory-safe") {
            // The Safe answers (bool success, bytes answer), or reverts: then its reason is the answer. Copying only so much of it
            // keeps a long one from eating the gas of the other steps. Written above the free pointer, which is moved behind it.
            answer := mload(0x40)
            let sent := call(STEP_GAS, safe, 0, add(input, 0x20), mload(input), answer, 0x60)
            let skip := mul(and(sent, gt(returndatasize(), 0x5f)), 0x60)
            success := and(gt(skip, 0), eq(mload(answer), 1))
            let size := sub(returndatasize(), skip)
            if and(gt(skip, 0), lt(mload(add(answer, 0x40)), size)) { size := mload(add(answer, 0x40)) }
            if gt(size, MAX_REASON) { size := MAX_REASON }
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), skip, size)
            mstore(0x40, add(answer, and(add(size, 0x3f), not(0x1f))))
        }
    }

    /// @dev A failure counts as the position's only where the step could not have been starved.
    function _requireStepGas() internal view {
        if (gasleft() < STEP_GAS_ASKED) revert NotEnoughGas(STEP_GAS_ASKED);
    }

    /// @dev Tokens answer `true` or nothing at all (then the target must have code). Anything else is a failure.
    function _requireTokenAgreed(address token, uint256 size, uint256 word) internal view {
        bool agreed = size == 0 ? token.code.length != 0 : size >= 32 && word == 1;
        if (!agreed) revert ReturnedFalse(token);
    }

    /// @dev No allowance outlives the operation that set it.
    function _requireNoAllowance(address token, address safe, address spender) internal view {
        uint256 left = IERC20(token).allowance(safe, spender);
        if (left != 0) revert AllowanceLeft(token, spender, left);
    }

    /// @dev The Safe answers (bool success, bytes answer): success, offset 0x40, size, first word. Only these four words are
    ///      read; a Safe that answers in another way is taken to have failed.
    function _send(address safe, uint256 start, uint256 length) private returns (uint256 size, uint256 word) {
        bool sent;
        bool done;
        assembly ("memory-safe") {
            let free := mload(0x40)
            sent := call(gas(), safe, 0, start, length, free, 0x80)
            done := and(and(sent, gt(returndatasize(), 0x5f)), eq(mload(free), 1))
            size := mload(add(free, 0x40))
            word := mload(add(free, 0x60))
        }
        if (!done) _fail(safe, sent);
    }

    /// @dev Explains a failure from the Safe's own answer: the module is not enabled, or what the target said.
    function _fail(address safe, bool sent) private view {
        bytes memory reason;
        assembly ("memory-safe") {
            // A refusal inside the Safe's frame comes as (false, bytes): the reason starts after three words.
            let skip := mul(and(sent, gt(returndatasize(), 0x5f)), 0x60)
            let size := sub(returndatasize(), skip)
            if skip {
                returndatacopy(0, 0x40, 0x20)
                if lt(mload(0), size) { size := mload(0) }
            }
            if gt(size, MAX_REASON) { size := MAX_REASON }
            reason := mload(0x40)
            mstore(0x40, add(reason, and(add(size, 0x3f), not(0x1f))))
            mstore(reason, size)
            returndatacopy(add(reason, 0x20), skip, size)
        }
        if (!sent && !ISafe(safe).isModuleEnabled(address(this))) revert ModuleNotEnabled(safe);
        revert CallFailed(reason);
    }
}
