// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAdapter} from "../interfaces/IAdapter.sol";
import {NonceBitmap} from "../lib/NonceBitmap.sol";
import {Call} from "../types/Call.sol";
import {Policy} from "../types/Policy.sol";
import {RuleKind} from "../types/Rule.sol";
import {SafeCaller} from "./SafeCaller.sol";
import {SessionLimits} from "./SessionLimits.sol";
import {SessionSignatures} from "./SessionSignatures.sol";

/// @title Using power: by the key itself, or by anyone carrying the key's signed intent; equal in effect
abstract contract SessionExecution is SessionLimits, SessionSignatures, SafeCaller {
    using NonceBitmap for mapping(uint256 => uint256);

    uint256 private constant MAX_BATCH = 4;

    /// @notice One call by the session key.
    /// @param proof Merkle proof of the call's scope leaf; empty when the policy has one leaf or no scope
    function exec(Policy calldata policy, Call calldata call, bytes32[] calldata proof) external nonReentrant {
        _requireKey(policy);
        _exec(policy, _idOf(policy), call, proof);
    }

    /// @notice Up to 4 calls, all or nothing; each costs one operation. The only place where `approve` is allowed.
    function execBatch(Policy calldata policy, Call[] calldata calls, bytes32[][] calldata proofs)
        external
        nonReentrant
    {
        _requireKey(policy);
        _execBatch(policy, _idOf(policy), calls, proofs);
    }

    /// @notice One typed operation of an adapter; costs one operation.
    /// @param args calldata of the adapter's typed function
    function execAdapter(Policy calldata policy, address adapter, bytes calldata args, bytes32[] calldata proof)
        external
        nonReentrant
    {
        _requireKey(policy);
        _execAdapter(policy, _idOf(policy), adapter, args, proof);
    }

    /// @notice `exec` by the key's signature; anybody may submit.
    /// @param nonce unordered, single use per session; nonces of one 256-block share a storage word
    /// @param deadline last second (unix time) at which the intent counts
    function execSigned(
        Policy calldata policy,
        Call calldata call,
        bytes32[] calldata proof,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external nonReentrant {
        bytes32 id = _idOf(policy);
        _acceptIntent(policy, id, _execDigest(id, call, nonce, deadline), nonce, deadline, signature);
        _exec(policy, id, call, proof);
    }

    /// @notice `execBatch` by the key's signature; anybody may submit.
    function execBatchSigned(
        Policy calldata policy,
        Call[] calldata calls,
        bytes32[][] calldata proofs,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external nonReentrant {
        bytes32 id = _idOf(policy);
        _acceptIntent(policy, id, _execBatchDigest(id, calls, nonce, deadline), nonce, deadline, signature);
        _execBatch(policy, id, calls, proofs);
    }

    /// @notice `execAdapter` by the key's signature; anybody may submit.
    function execAdapterSigned(
        Policy calldata policy,
        address adapter,
        bytes calldata args,
        bytes32[] calldata proof,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external nonReentrant {
        bytes32 id = _idOf(policy);
        _acceptIntent(policy, id, _execAdapterDigest(id, adapter, args, nonce, deadline), nonce, deadline, signature);
        _execAdapter(policy, id, adapter, args, proof);
    }

    function _requireKey(Policy calldata policy) private view {
        if (msg.sender != policy.key) revert NotKey();
    }

    function _acceptIntent(
        Policy calldata policy,
        bytes32 id,
        bytes32 digest,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) private {
        _requireDeadline(deadline);
        _requireKeySignature(policy.key, digest, signature);
        if (!_intentNonces[policy.safe][id].use(nonce)) revert NonceUsed(nonce);
    }

    function _exec(Policy calldata policy, bytes32 id, Call calldata call, bytes32[] calldata proof) private {
        uint256 word = _countOperation(policy, _requireLive(policy, id));
        Verdict memory verdict = _judge(policy, call, proof, false);
        _charge(policy, id, verdict.token, verdict.amount);
        _sessions[policy.safe][id] = word;
        _emitUsed(policy, id, call.to, bytes4(call.data), verdict.token, verdict.amount, word);
        _perform(policy.safe, call, verdict);
    }

    /// @dev Every check and every write comes before the first call leaves the module.
    function _execBatch(Policy calldata policy, bytes32 id, Call[] calldata calls, bytes32[][] calldata proofs)
        private
    {
        if (calls.length == 0 || calls.length > MAX_BATCH || calls.length != proofs.length) {
            revert BadBatch(calls.length);
        }
        uint256 word = _requireLive(policy, id);
        Verdict[] memory verdicts = new Verdict[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            word = _countOperation(policy, word);
            Verdict memory verdict = _judge(policy, calls[i], proofs[i], true);
            _charge(policy, id, verdict.token, verdict.amount);
            _emitUsed(policy, id, calls[i].to, bytes4(calls[i].data), verdict.token, verdict.amount, word);
            verdicts[i] = verdict;
        }
        _sessions[policy.safe][id] = word;
        for (uint256 i; i < calls.length; ++i) {
            _perform(policy.safe, calls[i], verdicts[i]);
        }
        for (uint256 i; i < calls.length; ++i) {
            if (verdicts[i].kind == RuleKind.Approve) {
                _requireNoAllowance(calls[i].to, policy.safe, verdicts[i].recipient);
            }
        }
    }

    function _execAdapter(
        Policy calldata policy,
        bytes32 id,
        address adapter,
        bytes calldata args,
        bytes32[] calldata proof
    ) private {
        uint256 word = _countOperation(policy, _requireLive(policy, id));
        _judgeAdapter(policy, adapter, args, proof);
        (Call[] memory calls, address token, uint256 amount) =
            IAdapter(adapter).build(policy.safe, policy.maxSlippageBps, args);
        _charge(policy, id, token, amount);
        _charge(policy, id, address(0), _nativeValue(policy.safe, calls));
        _sessions[policy.safe][id] = word;
        _emitUsed(policy, id, adapter, bytes4(args), token, amount, word);
        _performBuilt(policy.safe, calls);
    }

    function _charge(Policy calldata policy, bytes32 id, address token, uint256 amount) private {
        if (amount != 0) _budgets[policy.safe][id][token] = _spend(policy, id, token, amount);
    }

    function _perform(address safe, Call calldata call, Verdict memory verdict) private {
        bytes memory answer = _callThrough(safe, call.to, call.value, call.data);
        if (verdict.kind != RuleKind.Call) _requireTokenAgreed(call.to, answer);
    }

    function _performBuilt(address safe, Call[] memory calls) private {
        for (uint256 i; i < calls.length; ++i) {
            bytes memory answer = _callThrough(safe, calls[i].to, calls[i].value, calls[i].data);
            if (_isApprove(calls[i].data)) _requireTokenAgreed(calls[i].to, answer);
        }
        for (uint256 i; i < calls.length; ++i) {
            if (_isApprove(calls[i].data)) {
                _requireNoAllowance(calls[i].to, safe, _firstAddress(calls[i].data));
            }
        }
    }

    function _emitUsed(
        Policy calldata policy,
        bytes32 id,
        address to,
        bytes4 selector,
        address token,
        uint256 amount,
        uint256 word
    ) private {
        emit Used(policy.safe, id, to, selector, token, amount, _opsLeft(policy, word));
    }

    function _isApprove(bytes memory data) private pure returns (bool) {
        return data.length == 68 && bytes4(data) == IERC20.approve.selector;
    }

    /// @dev The first argument of an encoded call. mload at 36 skips the length word and the selector.
    function _firstAddress(bytes memory data) private pure returns (address account) {
        assembly ("memory-safe") {
            account := mload(add(data, 36))
        }
    }
}
