// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {SessionErrors} from "./SessionErrors.sol";

/// @title How the module makes a Safe act: always a plain CALL
abstract contract SafeCaller is SessionErrors {
    uint8 private constant CALL = 0;

    /// @dev Reverts unless the call succeeded. Nothing is spent on the check that the module is enabled while it is.
    function _callThrough(address safe, address to, uint256 value, bytes memory data)
        internal
        returns (bytes memory)
    {
        try ISafe(safe).execTransactionFromModuleReturnData(to, value, data, CALL) returns (
            bool success, bytes memory answer
        ) {
            if (!success) revert CallFailed(answer);
            return answer;
        } catch (bytes memory reason) {
            if (!ISafe(safe).isModuleEnabled(address(this))) revert ModuleNotEnabled(safe);
            revert CallFailed(reason);
        }
    }

    /// @dev For steps that may fail without stopping the others.
    function _tryThrough(address safe, address to, bytes memory data)
        internal
        returns (bool success, bytes memory answer)
    {
        return ISafe(safe).execTransactionFromModuleReturnData(to, 0, data, CALL);
    }

    /// @dev Tokens answer `true` or nothing at all (then the target must have code). Anything else is a failure.
    function _requireTokenAgreed(address token, bytes memory answer) internal view {
        bool agreed = answer.length == 0 ? token.code.length != 0 : answer.length >= 32 && uint256(bytes32(answer)) == 1;
        if (!agreed) revert ReturnedFalse(token);
    }

    /// @dev No allowance outlives the operation that set it.
    function _requireNoAllowance(address token, address safe, address spender) internal view {
        uint256 left = IERC20(token).allowance(safe, spender);
        if (left != 0) revert AllowanceLeft(token, spender, left);
    }
}
