// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAdapter} from "../interfaces/IAdapter.sol";
import {Fields} from "../lib/Fields.sol";
import {NonceBitmap} from "../lib/NonceBitmap.sol";
import {Call} from "../types/Call.sol";
import {Policy} from "../types/Policy.sol";
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
        _exec(policy, Fields.id(policy), call, proof);
    }

    /// @notice Up to 4 calls, all or nothing; each costs one operation. The only place where `approve` is allowed.
    function execBatch(Policy calldata policy, Call[] calldata calls, bytes32[][] calldata proofs)
        external
        nonReentrant
    {
        _requireKey(policy);
        _execBatch(policy, Fields.id(policy), calls, proofs);
    }

    /// @notice One typed operation of an adapter; costs one operation.
    /// @param args calldata of the adapter's typed function
    function execAdapter(Policy calldata policy, address adapter, bytes calldata args, bytes32[] calldata proof)
        external
        nonReentrant
    {
        _requireKey(policy);
        _execAdapter(policy, Fields.id(policy), adapter, args, proof);
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
        bytes32 id = Fields.id(policy);
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
        bytes32 id = Fields.id(policy);
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
        bytes32 id = Fields.id(policy);
        _acceptIntent(policy, id, _execAdapterDigest(id, adapter, args, nonce, deadline), nonce, deadline, signature);
        _execAdapter(policy, id, adapter, args, proof);
    }

    function _requireKey(Policy calldata policy) private view {
        if (msg.sender != Fields.key(policy)) revert NotKey();
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
        _requireKeySignature(Fields.key(policy), digest, signature);
        if (!_sessions[Fields.safe(policy)][id].intentNonces.use(nonce)) revert NonceUsed(nonce);
    }

    function _exec(Policy calldata policy, bytes32 id, Call calldata call, bytes32[] calldata proof) private {
        Session storage session = _sessions[Fields.safe(policy)][id];
        uint256 word = _countOperation(policy, _requireLive(policy, session, id));
        uint256 kind = _admit(policy, session, id, call, proof, word, false);
        session.word = word;
        _perform(Fields.safe(policy), call, kind);
    }

    /// @dev Every check and every write comes before the first call leaves the module.
    function _execBatch(Policy calldata policy, bytes32 id, Call[] calldata calls, bytes32[][] calldata proofs)
        private
    {
        if (calls.length == 0 || calls.length > MAX_BATCH || calls.length != proofs.length) {
            revert BadBatch(calls.length);
        }
        address safe = Fields.safe(policy);
        Session storage session = _sessions[safe][id];
        uint256 word = _requireLive(policy, session, id);
        uint256[MAX_BATCH] memory kinds;
        for (uint256 i; i < calls.length; ++i) {
            word = _countOperation(policy, word);
            kinds[i] = _admit(policy, session, id, calls[i], proofs[i], word, true);
        }
        session.word = word;
        for (uint256 i; i < calls.length; ++i) {
            _perform(safe, calls[i], kinds[i]);
        }
        for (uint256 i; i < calls.length; ++i) {
            if (kinds[i] == APPROVE_KIND) _requireNoAllowance(calls[i].to, safe, _spender(calls[i].data));
        }
    }

    /// @dev Judges one call, charges what it spends and announces it; `word` is the session's after the operation.
    function _admit(
        Policy calldata policy,
        Session storage session,
        bytes32 id,
        Call calldata call,
        bytes32[] calldata proof,
        uint256 word,
        bool batched
    ) private returns (uint256 kind) {
        (address to, bytes calldata data) = (call.to, call.data);
        bytes4 selector = bytes4(data);
        address token;
        uint256 amount;
        (kind, token, amount) = _judge(policy, to, call.value, data, selector, proof, batched);
        _charge(policy, session, token, amount);
        emit Used(Fields.safe(policy), id, to, selector, token, amount, _opsLeft(policy, word));
    }

    function _execAdapter(
        Policy calldata policy,
        bytes32 id,
        address adapter,
        bytes calldata args,
        bytes32[] calldata proof
    ) private {
        address safe = Fields.safe(policy);
        Session storage session = _sessions[safe][id];
        uint256 word = _countOperation(policy, _requireLive(policy, session, id));
        _judgeAdapter(policy, adapter, args, proof);
        (Call[] memory calls, address token, uint256 amount) = IAdapter(adapter).build(safe, policy.maxSlippageBps, args);
        _charge(policy, session, token, amount);
        _charge(policy, session, address(0), _nativeValue(safe, calls));
        session.word = word;
        emit Used(safe, id, adapter, bytes4(args), token, amount, _opsLeft(policy, word));
        _performBuilt(safe, calls);
    }

    function _charge(Policy calldata policy, Session storage session, address token, uint256 amount) private {
        if (amount == 0) return;
        Spending storage spending = session.budgets[token];
        spending.word = _spend(policy, spending.word, token, amount);
    }

    function _perform(address safe, Call calldata call, uint256 kind) private {
        (uint256 size, uint256 answer) = _callThrough(safe, call.to, call.value, call.data);
        if (kind != CALL_KIND) _requireTokenAgreed(call.to, size, answer);
    }

    function _performBuilt(address safe, Call[] memory calls) private {
        for (uint256 i; i < calls.length; ++i) {
            (uint256 size, uint256 answer) = _callBuilt(safe, calls[i].to, calls[i].value, calls[i].data);
            if (_isApprove(calls[i].data)) _requireTokenAgreed(calls[i].to, size, answer);
        }
        for (uint256 i; i < calls.length; ++i) {
            if (_isApprove(calls[i].data)) {
                _requireNoAllowance(calls[i].to, safe, _firstAddress(calls[i].data));
            }
        }
    }

    /// @dev The registry takes a rule of kind Approve only for the canonical approve(spender, amount) of 68 bytes.
    function _spender(bytes calldata data) private pure returns (address) {
        return address(bytes20(data[16:36]));
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
