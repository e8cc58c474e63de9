// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Closing} from "../interfaces/IPositionCloser.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {Getter} from "../lib/Getter.sol";
import {Position} from "../registry/MetavaultRegistry.sol";
import {Call} from "../types/Call.sol";
import {SafeCaller} from "./SafeCaller.sol";
import {SessionSignatures} from "./SessionSignatures.sol";
import {SessionState} from "./SessionState.sol";

/// @title Closing every position to the Safe, with no session and no service
/// @notice Ignores registry pauses; positions are read on chain; proceeds go to the Safe only; one position that cannot
///         be closed does not stop the others. Sessions stay armed: call disarmAll to end them.
abstract contract EmergencyClose is SessionState, SessionSignatures, SafeCaller {
    /// @dev A vault that burns gas in a getter must not stop the others from being closed.
    uint256 private constant VIEW_GAS = 200_000;

    /// @notice Cancels every order and closes every position of the adapters' market, redeems every listed ERC-4626 position,
    ///         and sets the allowances of both to 0.
    /// @dev By the Safe, or any single owner where the Safe has threshold 1 or opted in. The value pays execution fees; what
    ///      no position needs is returned. A fee whose order is refused stays in the Safe.
    function emergencyCloseAll(address safe) external payable nonReentrant {
        if (msg.sender != safe && !(_anyOwnerMayClose(safe) && ISafe(safe).isOwner(msg.sender))) {
            revert NotAuthorized(msg.sender);
        }
        _closeAll(safe, msg.sender);
    }

    /// @notice The same by an owner's EIP-712 signature (or the Safe's ERC-1271), so that anybody can pay for it.
    function emergencyCloseAllWithSig(address safe, uint48 deadline, bytes calldata signature)
        external
        payable
        nonReentrant
    {
        _requireDeadline(deadline);
        bytes32 digest = _emergencyCloseDigest(safe, _accounts[safe].epoch, deadline);
        if (_closed[digest]) revert NonceUsed(uint256(digest));
        _closed[digest] = true;
        _closeAll(safe, _requireOwnerOrSafe(safe, digest, signature, _anyOwnerMayClose(safe)));
    }

    function _anyOwnerMayClose(address safe) internal view returns (bool) {
        return _accounts[safe].anyOwnerClose || ISafe(safe).getThreshold() == 1;
    }

    function _closeAll(address safe, address by) private {
        if (!ISafe(safe).isModuleEnabled(address(this))) revert ModuleNotEnabled(safe);
        _requireStepGas();
        (uint256 closed, uint256 failed) = _closeVaults(safe);
        uint256 paid;
        if (address(closer) != address(0)) {
            (uint256 ended, uint256 refused, uint256 fees) = _closePositions(safe);
            (closed, failed, paid) = (closed + ended, failed + refused, fees);
            _clearAllowances(safe);
        }
        emit EmergencyClosed(safe, by, closed, failed);
        _refund(msg.value - paid);
    }

    function _clearAllowances(address safe) private {
        (address[] memory tokens, address spender) = closer.allowances();
        for (uint256 i; i < tokens.length; ++i) {
            _clearAllowance(safe, tokens[i], spender);
        }
    }

    function _closeVaults(address safe) private returns (uint256 closed, uint256 failed) {
        Position[] memory positions = metavaults.positionsOf(safe);
        for (uint256 i; i < positions.length; ++i) {
            if (positions[i].shares != 0) {
                if (_close(safe, positions[i])) ++closed;
                else ++failed;
            }
            address vault = positions[i].vault;
            _clearAllowance(safe, address(uint160(_read(vault, abi.encodeCall(IERC4626.asset, ())))), vault);
        }
    }

    /// @dev The Safe must make the calls (the market takes msg.sender as the account), so each fee goes through it.
    function _closePositions(address safe) private returns (uint256 closed, uint256 failed, uint256 paid) {
        _requireStepGas();
        Closing[] memory list;
        try closer.closings(safe, msg.value) returns (Closing[] memory found) {
            list = found;
        } catch (bytes memory reason) {
            // A market that cannot be read must not keep the vaults closed to their owner.
            emit PositionCloseFailed(safe, address(closer), reason);
            return (0, 1, 0);
        }
        for (uint256 i; i < list.length; ++i) {
            Call memory call = list[i].call;
            (bool ok, bytes memory answer) = (false, bytes(""));
            if (call.to != address(0)) {
                if (call.value != 0) {
                    paid += call.value;
                    (bool funded,) = safe.call{value: call.value}("");
                    if (!funded) revert RefundFailed();
                }
                (ok, answer) = _tryThrough(safe, call.to, call.value, call.data);
            }
            if (ok) {
                ++closed;
                emit PositionClosed(safe, list[i].market, 0, 0);
            } else {
                ++failed;
                emit PositionCloseFailed(safe, list[i].market, answer);
            }
        }
    }

    /// @dev Everything at once; where the vault allows only a part now, that part. A vault that burnt its step gets no second one:
    ///      few of its kind would use up what one transaction may cost.
    function _close(address safe, Position memory position) private returns (bool) {
        uint256 before = gasleft();
        (bool ok, bytes memory answer) = _redeem(safe, position.vault, position.shares);
        if (!ok && before - gasleft() < STEP_GAS / 2) {
            uint256 part = _read(position.vault, abi.encodeCall(IERC4626.maxRedeem, (safe)));
            if (part != 0 && part < position.shares) {
                position.shares = part;
                (ok, answer) = _redeem(safe, position.vault, part);
            }
        }
        if (ok && answer.length >= 32) {
            emit PositionClosed(safe, position.vault, position.shares, uint256(bytes32(answer)));
            return true;
        }
        emit PositionCloseFailed(safe, position.vault, answer);
        return false;
    }

    function _redeem(address safe, address vault, uint256 shares) private returns (bool, bytes memory) {
        return _tryThrough(safe, vault, 0, abi.encodeCall(IERC4626.redeem, (shares, safe, safe)));
    }

    function _clearAllowance(address safe, address token, address spender) private {
        if (_read(token, abi.encodeCall(IERC20.allowance, (safe, spender))) == 0) return;
        (bool ok,) = _tryThrough(safe, token, 0, abi.encodeCall(IERC20.approve, (spender, 0)));
        if (ok) emit AllowanceCleared(safe, token, spender);
    }

    /// @dev One word from a getter; 0 when it does not answer, which too little gas must not look like.
    function _read(address target, bytes memory data) private view returns (uint256 value) {
        _requireStepGas();
        (, value) = Getter.word(target, VIEW_GAS, data, 0);
    }

    function _refund(uint256 amount) private {
        if (amount == 0) return;
        (bool ok,) = msg.sender.call{value: amount}("");
        if (!ok) revert RefundFailed();
    }
}
