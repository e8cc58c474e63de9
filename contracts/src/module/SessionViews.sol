// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAdapter} from "../interfaces/IAdapter.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {Budget} from "../lib/Budget.sol";
import {Fields} from "../lib/Fields.sol";
import {NonceBitmap} from "../lib/NonceBitmap.sol";
import {SessionWord} from "../lib/SessionWord.sol";
import {Call} from "../types/Call.sol";
import {Policy} from "../types/Policy.sol";
import {SessionLimits} from "./SessionLimits.sol";

/// @title What a server, a wallet and a watcher ask
abstract contract SessionViews is SessionLimits {
    using NonceBitmap for mapping(uint256 => uint256);
    using SessionWord for uint256;

    /// @return armed armed and not revoked (time and epoch are the policy's to compare)
    /// @return revoked disarmed, forfeited or poisoned: this id can never be armed again
    /// @return epoch the Safe's current epoch
    /// @return opsRecorded timestamps the sliding window holds, 0..10
    function status(address safe, bytes32 id)
        external
        view
        returns (bool armed, bool revoked, uint32 epoch, uint8 opsRecorded)
    {
        uint256 word = _sessions[safe][id].word;
        for (uint256 i; i < 10; ++i) {
            if (word.slot(i) != 0) ++opsRecorded;
        }
        return (word.isArmed(), word.isRevoked(), _accounts[safe].epoch, opsRecorded);
    }

    /// @return left what the budget still admits of `token` at this instant (the per-operation limit is apart)
    /// @return opsLeft operations still admitted at this instant; 255 when there is no count limit
    /// @return nextOpAt unix time of the next admitted operation; 0 when there will be none
    function remaining(Policy calldata policy, address token)
        external
        view
        returns (uint256 left, uint8 opsLeft, uint40 nextOpAt)
    {
        bytes32 id = Fields.id(policy);
        Session storage session = _sessions[policy.safe][id];
        uint256 word = session.word;
        bool dead = !word.isArmed() || policy.epoch != _accounts[policy.safe].epoch;
        if (dead || block.timestamp >= policy.validUntil) return (0, 0, 0);
        (,, uint256 limit) = Fields.limitOf(policy, token);
        if (block.timestamp < policy.validAfter) {
            return (limit, policy.maxOps == 0 ? type(uint8).max : policy.maxOps, policy.validAfter);
        }
        (uint256 previous, uint256 current) = Budget.at(session.budgets[token].word, _bucketIndex(policy));
        left = limit - previous - current;
        opsLeft = uint8(_opsLeft(policy, word));
        uint256 next = block.timestamp;
        if (opsLeft == 0) next = policy.validAfter + word.slot(word.head()) - 1 + policy.rateWindow;
        nextOpAt = next < policy.validUntil ? uint40(next) : 0;
    }

    /// @notice Whether `exec` by the key would pass every limit now. What the target itself then does is not simulated.
    /// @return ok true when nothing refuses
    /// @return errorSelector selector of the very error `exec` would revert with
    /// @return detail that error's ABI-encoded arguments
    function validate(Policy calldata policy, Call calldata call, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes4 errorSelector, bytes memory detail)
    {
        try this.requireAllowed(policy, call, proof) {
            return (true, 0, "");
        } catch (bytes memory reason) {
            return _explain(reason);
        }
    }

    /// @notice `validate` for `execBatch`; what the targets leave as allowances is seen only when they run.
    function validateBatch(Policy calldata policy, Call[] calldata calls, bytes32[][] calldata proofs)
        external
        view
        returns (bool ok, bytes4 errorSelector, bytes memory detail)
    {
        try this.requireBatchAllowed(policy, calls, proofs) {
            return (true, 0, "");
        } catch (bytes memory reason) {
            return _explain(reason);
        }
    }

    /// @notice `validate` for `execAdapter`.
    function validateAdapter(Policy calldata policy, address adapter, bytes calldata args, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes4 errorSelector, bytes memory detail)
    {
        try this.requireAdapterAllowed(policy, adapter, args, proof) {
            return (true, 0, "");
        } catch (bytes memory reason) {
            return _explain(reason);
        }
    }

    /// @notice Reverts as `exec` by the key would; changes nothing. `validate` is the same as a value.
    function requireAllowed(Policy calldata policy, Call calldata call, bytes32[] calldata proof) external view {
        bytes32 id = Fields.id(policy);
        Session storage session = _sessions[policy.safe][id];
        _countOperation(policy, _requireLive(policy, session, id));
        (, address token, uint256 amount) = _judge(policy, call.to, call.value, call.data, bytes4(call.data), proof, false);
        _requireAffordable(policy, session, token, amount);
        _requireEnabled(policy.safe);
    }

    /// @notice Reverts as `execAdapter` by the key would; changes nothing.
    function requireAdapterAllowed(
        Policy calldata policy,
        address adapter,
        bytes calldata args,
        bytes32[] calldata proof
    ) external view {
        bytes32 id = Fields.id(policy);
        Session storage session = _sessions[policy.safe][id];
        _countOperation(policy, _requireLive(policy, session, id));
        _judgeAdapter(policy, adapter, args, proof);
        (Call[] memory calls, address token, uint256 amount) =
            IAdapter(adapter).build(policy.safe, policy.maxSlippageBps, args);
        uint256 native = session.budgets[address(0)].word;
        // exec has charged the operation before it charges the value of its calls: of one budget where both are native.
        if (token == address(0) && amount != 0) native = _spend(policy, native, token, amount);
        else _requireAffordable(policy, session, token, amount);
        uint256 value = _nativeValue(policy.safe, calls);
        if (value != 0) _spend(policy, native, address(0), value);
        _requireEnabled(policy.safe);
    }

    /// @notice Reverts as `execBatch` by the key would; changes nothing.
    function requireBatchAllowed(Policy calldata policy, Call[] calldata calls, bytes32[][] calldata proofs) external view {
        _requireBatchSize(calls, proofs);
        bytes32 id = Fields.id(policy);
        Session storage session = _sessions[policy.safe][id];
        uint256 word = _requireLive(policy, session, id);
        address[] memory tokens = new address[](calls.length);
        uint256[] memory budgets = new uint256[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            word = _countOperation(policy, word);
            (, address token, uint256 amount) =
                _judge(policy, calls[i].to, calls[i].value, calls[i].data, bytes4(calls[i].data), proofs[i], true);
            // What this batch spent before of the same token stands in for the storage that exec would have written.
            uint256 budget = session.budgets[token].word;
            for (uint256 j; j < i; ++j) {
                if (tokens[j] == token && budgets[j] != 0) budget = budgets[j];
            }
            if (amount != 0) budget = _spend(policy, budget, token, amount);
            (tokens[i], budgets[i]) = (token, budget);
        }
        _requireEnabled(policy.safe);
    }

    /// @return The Safe's current epoch: what a policy must name to be armed and used.
    function epochOf(address safe) external view returns (uint32) {
        return _accounts[safe].epoch;
    }

    /// @return guardian who may disarm beside the owners
    /// @return anyOwnerClose the Safe's own choice; Safes of threshold 1 behave as if it were set
    function configOf(address safe) external view returns (address guardian, bool anyOwnerClose) {
        return (_accounts[safe].guardian, _accounts[safe].anyOwnerClose);
    }

    /// @return Whether the session's intent with this nonce was used or cancelled.
    function nonceUsed(address safe, bytes32 id, uint256 nonce) external view returns (bool) {
        return _sessions[safe][id].intentNonces.isUsed(nonce);
    }

    /// @return Whether the Safe's signed arming with this nonce was used or cancelled.
    function armNonceUsed(address safe, uint256 armNonce) external view returns (bool) {
        return _armNonces[safe].isUsed(armNonce);
    }

    function _requireAffordable(Policy calldata policy, Session storage session, address token, uint256 amount)
        private
        view
    {
        if (amount != 0) _spend(policy, session.budgets[token].word, token, amount);
    }

    function _requireEnabled(address safe) private view {
        if (!ISafe(safe).isModuleEnabled(address(this))) revert ModuleNotEnabled(safe);
    }

    function _explain(bytes memory reason) private pure returns (bool, bytes4, bytes memory) {
        if (reason.length < 4) return (false, 0, reason);
        bytes memory detail = new bytes(reason.length - 4);
        for (uint256 i; i < detail.length; ++i) {
            detail[i] = reason[i + 4];
        }
        return (false, bytes4(reason), detail);
    }
}
