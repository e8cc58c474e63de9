// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Budget} from "../lib/Budget.sol";
import {Fields} from "../lib/Fields.sol";
import {Scope} from "../lib/Scope.sol";
import {SessionWord} from "../lib/SessionWord.sol";
import {Call} from "../types/Call.sol";
import {Policy} from "../types/Policy.sol";
import {RuleKind} from "../types/Rule.sol";
import {RegistryCaller} from "./RegistryCaller.sol";

/// @title Every limit, as functions that change nothing: exec commits what they return, validate only asks them
abstract contract SessionLimits is RegistryCaller {
    using SessionWord for uint256;

    /// @dev As plain numbers: the compiler checks an enum's range at every comparison, and the registry's answer is trusted.
    uint256 internal constant APPROVE_KIND = uint256(RuleKind.Approve);
    uint256 internal constant CALL_KIND = uint256(RuleKind.Call);
    uint256 private constant ADAPTER_KIND = uint256(RuleKind.Adapter);

    /// @dev Armed, not revoked, of the Safe's current epoch, and validAfter <= now < validUntil.
    function _requireLive(Policy calldata policy, Session storage session, bytes32 id)
        internal
        view
        returns (uint256 word)
    {
        word = session.word;
        if (!word.isArmed()) {
            if (word.isRevoked()) revert Revoked(id);
            revert NotArmed(id);
        }
        uint256 epoch = _accounts[Fields.safe(policy)].epoch;
        if (Fields.epoch(policy) != epoch) revert StaleEpoch(policy.epoch, uint32(epoch));
        if (block.timestamp < Fields.validAfter(policy)) revert NotYet(policy.validAfter);
        if (block.timestamp >= Fields.validUntil(policy)) revert Expired(policy.validUntil);
    }

    /// @dev Exact sliding window: refused while the oldest of the last maxOps operations is younger than rateWindow.
    /// @return The session word after the operation.
    function _countOperation(Policy calldata policy, uint256 word) internal view returns (uint256) {
        uint256 maxOps = Fields.maxOps(policy);
        if (maxOps == 0) return word;
        unchecked {
            uint256 stamp = _stamp(policy);
            uint256 oldest = word.slot(word.head());
            if (oldest != 0 && stamp - oldest < Fields.rateWindow(policy)) {
                revert RateLimited(uint40(Fields.validAfter(policy) + oldest - 1 + Fields.rateWindow(policy)));
            }
            return word.push(stamp, maxOps);
        }
    }

    /// @dev Registry, scope and kind of one call the key itself wrote.
    /// @return kind what the call does with value
    /// @return token what it spends: the target, or 0 (native asset) for a plain call
    /// @return amount how much of it
    function _judge(
        Policy calldata policy,
        address to,
        uint256 value,
        bytes calldata data,
        bytes4 selector,
        bytes32[] calldata proof,
        bool batched
    ) internal view returns (uint256 kind, address token, uint256 amount) {
        (kind, amount) = _consult(policy, to, data, selector, proof);
        if (kind == CALL_KIND) return (kind, address(0), value);
        if (kind == ADAPTER_KIND) revert WrongKind(to);
        if (value != 0) revert ValueNotAllowed(value);
        if (kind == APPROVE_KIND && !batched) revert ApproveOutsideBatch(to);
        token = to;
    }

    /// @dev The same for an adapter's typed fields; what it spends is known only when it has built the calls.
    function _judgeAdapter(Policy calldata policy, address adapter, bytes calldata args, bytes32[] calldata proof)
        internal
        view
    {
        (uint256 kind,) = _consult(policy, adapter, args, bytes4(args), proof);
        if (kind != ADAPTER_KIND) revert WrongKind(adapter);
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
    function _spend(Policy calldata policy, uint256 word, address token, uint256 amount) internal view returns (uint256) {
        (bool listed, uint256 perOp, uint256 perPeriod) = Fields.limitOf(policy, token);
        if (!listed) revert TokenNotInScope(token);
        if (amount > perOp) revert PerOpExceeded(token, amount, perOp);
        uint256 index = _bucketIndex(policy);
        (uint256 previous, uint256 current) = Budget.at(word, index);
        unchecked {
            // Every stored pair was checked against this same perPeriod, so left cannot wrap; amount <= left, so the sum neither.
            uint256 left = perPeriod - previous - current;
            if (amount > left) revert LimitExceeded(token, amount, left);
            return Budget.pack(previous, current + amount, index);
        }
    }

    function _bucketIndex(Policy calldata policy) internal view returns (uint256) {
        unchecked {
            // _requireLive has shown validAfter <= now; budgetWindow is not 0 in an armed policy (division is checked anyway).
            return (block.timestamp - Fields.validAfter(policy)) / Fields.budgetWindow(policy);
        }
    }

    /// @dev How many operations the window still admits at this instant; 255 when there is no count limit.
    function _opsLeft(Policy calldata policy, uint256 word) internal view returns (uint256) {
        uint256 maxOps = Fields.maxOps(policy);
        if (maxOps == 0) return type(uint8).max;
        uint256 window = Fields.rateWindow(policy);
        unchecked {
            uint256 stamp = _stamp(policy);
            // At most maxOps slots are ever written, so the difference is not negative.
            return maxOps - word.countAfter(stamp > window ? stamp - window : 0);
        }
    }

    /// @dev Now, as the session word keeps it. _requireLive has shown validAfter <= now, and no stored stamp is later than now.
    function _stamp(Policy calldata policy) private view returns (uint256) {
        unchecked {
            return block.timestamp - Fields.validAfter(policy) + 1;
        }
    }

    /// @dev The Safe's own functions and this module's are out of reach whatever the registry says.
    function _requireForeign(address safe, address target) internal view {
        if (target == safe || target == address(this)) revert SelfCall(target);
    }

    function _consult(
        Policy calldata policy,
        address target,
        bytes calldata data,
        bytes4 selector,
        bytes32[] calldata proof
    ) private view returns (uint256 kind, uint256 amount) {
        _requireForeign(Fields.safe(policy), target);
        address recipient;
        (kind, recipient, amount) = _askRegistry(policy, target, data);
        if (!Scope.contains(Fields.scopeRoot(policy), proof, target, selector, recipient)) {
            revert NotInScope(target, selector, recipient);
        }
    }
}
