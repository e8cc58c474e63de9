// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Budget} from "../lib/Budget.sol";
import {Scope} from "../lib/Scope.sol";
import {SessionWord} from "../lib/SessionWord.sol";
import {Call} from "../types/Call.sol";
import {Policy, TokenLimit} from "../types/Policy.sol";
import {RuleKind} from "../types/Rule.sol";
import {SessionState} from "./SessionState.sol";

/// @title Every limit, as functions that change nothing: exec commits what they return, validate only asks them
abstract contract SessionLimits is SessionState {
    using SessionWord for uint256;

    /// @dev What one admitted call spends and how its outcome is to be read.
    struct Verdict {
        RuleKind kind;
        address recipient;
        address token;
        uint256 amount;
    }

    /// @dev Armed, not revoked, of the Safe's current epoch, and validAfter <= now < validUntil.
    function _requireLive(Policy calldata policy, bytes32 id) internal view returns (uint256 word) {
        word = _sessions[policy.safe][id];
        if (!word.isArmed()) {
            if (word.isRevoked()) revert Revoked(id);
            revert NotArmed(id);
        }
        uint32 epoch = _accounts[policy.safe].epoch;
        if (policy.epoch != epoch) revert StaleEpoch(policy.epoch, epoch);
        if (block.timestamp < policy.validAfter) revert NotYet(policy.validAfter);
        if (block.timestamp >= policy.validUntil) revert Expired(policy.validUntil);
    }

    /// @dev Exact sliding window: refused while the oldest of the last maxOps operations is younger than rateWindow.
    /// @return The session word after the operation.
    function _countOperation(Policy calldata policy, uint256 word) internal view returns (uint256) {
        uint256 maxOps = policy.maxOps;
        if (maxOps == 0) return word;
        unchecked {
            // _requireLive has shown validAfter <= now, and a stored stamp is never later than now.
            uint256 stamp = block.timestamp - policy.validAfter + 1;
            uint256 oldest = word.slot(word.head());
            if (oldest != 0 && stamp - oldest < policy.rateWindow) {
                revert RateLimited(uint40(uint256(policy.validAfter) + oldest - 1 + policy.rateWindow));
            }
            return word.push(stamp, maxOps);
        }
    }

    /// @dev Registry, scope and kind of one call the key itself wrote.
    function _judge(Policy calldata policy, Call calldata call, bytes32[] calldata proof, bool batched)
        internal
        view
        returns (Verdict memory verdict)
    {
        verdict = _consult(policy, call.to, call.data, proof);
        if (verdict.kind == RuleKind.Adapter) revert WrongKind(call.to);
        if (verdict.kind == RuleKind.Call) {
            verdict.amount = call.value;
            return verdict;
        }
        if (call.value != 0) revert ValueNotAllowed(call.value);
        if (verdict.kind == RuleKind.Approve && !batched) revert ApproveOutsideBatch(call.to);
        verdict.token = call.to;
    }

    /// @dev The same for an adapter's typed fields; what it spends is known only when it has built the calls.
    function _judgeAdapter(Policy calldata policy, address adapter, bytes calldata args, bytes32[] calldata proof)
        internal
        view
    {
        if (_consult(policy, adapter, args, proof).kind != RuleKind.Adapter) revert WrongKind(adapter);
    }

    /// @dev What an adapter's calls take of the native asset; none of them may reach the Safe or this module.
    function _nativeValue(address safe, Call[] memory calls) internal view returns (uint256 value) {
        for (uint256 i; i < calls.length; ++i) {
            _requireForeign(safe, calls[i].to);
            value += calls[i].value;
        }
    }

    /// @dev Reverts when `amount` of `token` breaks a budget. Spending nothing needs no limit.
    /// @return The budget word after the operation.
    function _spend(Policy calldata policy, bytes32 id, address token, uint256 amount)
        internal
        view
        returns (uint256)
    {
        TokenLimit calldata limit = _limitOf(policy, token);
        if (amount > limit.perOp) revert PerOpExceeded(token, amount, limit.perOp);
        uint256 index = _bucketIndex(policy);
        (uint256 previous, uint256 current) = Budget.at(_budgets[policy.safe][id][token], index);
        unchecked {
            // Every stored pair was checked against this same perPeriod, so left cannot wrap; amount <= left, so the sum neither.
            uint256 left = limit.perPeriod - previous - current;
            if (amount > left) revert LimitExceeded(token, amount, left);
            return Budget.pack(previous, current + amount, index);
        }
    }

    function _bucketIndex(Policy calldata policy) internal view returns (uint256) {
        unchecked {
            // _requireLive has shown validAfter <= now; budgetWindow is not 0 in an armed policy (division is checked anyway).
            return (block.timestamp - policy.validAfter) / policy.budgetWindow;
        }
    }

    /// @dev How many operations the window still admits at this instant; 255 when there is no count limit.
    function _opsLeft(Policy calldata policy, uint256 word) internal view returns (uint256 left) {
        uint256 maxOps = policy.maxOps;
        if (maxOps == 0) return type(uint8).max;
        uint256 window = policy.rateWindow;
        unchecked {
            uint256 stamp = block.timestamp - policy.validAfter + 1;
            for (; maxOps != 0; --maxOps) {
                uint256 used = word.slot(0);
                if (used == 0 || stamp - used >= window) ++left;
                word = word.dropSlot();
            }
        }
    }

    function _limitOf(Policy calldata policy, address token) internal pure returns (TokenLimit calldata) {
        TokenLimit[] calldata limits = policy.limits;
        for (uint256 i; i < limits.length; ++i) {
            if (limits[i].token == token) return limits[i];
        }
        revert TokenNotInScope(token);
    }

    /// @dev The Safe's own functions and this module's are out of reach whatever the registry says.
    function _requireForeign(address safe, address target) internal view {
        if (target == safe || target == address(this)) revert SelfCall(target);
    }

    function _consult(Policy calldata policy, address target, bytes calldata data, bytes32[] calldata proof)
        private
        view
        returns (Verdict memory verdict)
    {
        _requireForeign(policy.safe, target);
        (verdict.kind, verdict.recipient, verdict.amount) =
            registry.check(policy.safe, policy.protocolMask, policy.rulesBefore, target, data);
        bytes4 selector = bytes4(data);
        if (!Scope.contains(policy.scopeRoot, proof, target, selector, verdict.recipient)) {
            revert NotInScope(target, selector, verdict.recipient);
        }
    }
}
