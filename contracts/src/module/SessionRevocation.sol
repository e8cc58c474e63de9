// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ISafe} from "../interfaces/ISafe.sol";
import {Fields} from "../lib/Fields.sol";
import {NonceBitmap} from "../lib/NonceBitmap.sol";
import {SessionWord} from "../lib/SessionWord.sol";
import {Policy} from "../types/Policy.sol";
import {DisarmReason} from "./SessionEvents.sol";
import {SessionSignatures} from "./SessionSignatures.sol";
import {SessionState} from "./SessionState.sol";

/// @title Taking power away: by the Safe, any single owner, the guardian, or the key itself
/// @dev Everything here can be repeated; narrowing never fails because it was done before.
abstract contract SessionRevocation is SessionState, SessionSignatures {
    using NonceBitmap for mapping(uint256 => uint256);
    using SessionWord for uint256;

    /// @notice Ends one session for ever. An id that was never armed is poisoned: it can no longer be.
    function disarm(address safe, bytes32 id) external {
        _disarm(safe, id, msg.sender, _reducer(safe, msg.sender));
    }

    /// @notice `disarm` by one owner's EIP-712 signature or the Safe's ERC-1271; anybody may submit.
    function disarmWithSig(address safe, bytes32 id, uint48 deadline, bytes calldata signature) external {
        _requireDeadline(deadline);
        address by = _requireOwnerOrSafe(safe, _disarmDigest(safe, id, deadline), signature, true);
        _disarm(safe, id, by, by == safe ? DisarmReason.Safe : DisarmReason.Owner);
    }

    /// @notice The key gives its own session up, for instance when it knows itself stolen.
    function forfeit(Policy calldata policy) external {
        if (msg.sender != policy.key) revert NotKey();
        _disarm(policy.safe, Fields.id(policy), msg.sender, DisarmReason.Forfeited);
    }

    /// @notice Ends every session of the Safe at once by moving to the next epoch.
    function disarmAll(address safe) external {
        _reducer(safe, msg.sender);
        _bumpEpoch(safe, msg.sender);
    }

    /// @notice `disarmAll` by one owner's EIP-712 signature or the Safe's ERC-1271; anybody may submit.
    /// @param epoch the Safe's epoch when it was signed: the signature works once
    function disarmAllWithSig(address safe, uint32 epoch, uint48 deadline, bytes calldata signature) external {
        _requireDeadline(deadline);
        uint32 current = _accounts[safe].epoch;
        if (epoch != current) revert StaleEpoch(epoch, current);
        _bumpEpoch(safe, _requireOwnerOrSafe(safe, _disarmAllDigest(safe, epoch, deadline), signature, true));
    }

    /// @notice Makes a signed but unused intent worthless. By the key, the Safe, or an owner.
    function cancelIntent(Policy calldata policy, uint256 nonce) external {
        if (msg.sender != policy.key) _reducer(policy.safe, msg.sender);
        bytes32 id = Fields.id(policy);
        _sessions[policy.safe][id].intentNonces.use(nonce);
        emit IntentCancelled(policy.safe, id, nonce);
    }

    function _disarm(address safe, bytes32 id, address by, DisarmReason reason) private {
        Session storage session = _sessions[safe][id];
        uint256 word = session.word;
        if (word.isRevoked()) return;
        session.word = word | SessionWord.REVOKED;
        emit Disarmed(safe, id, by, reason);
    }

    function _bumpEpoch(address safe, address by) private {
        uint32 epoch = ++_accounts[safe].epoch;
        emit EpochBumped(safe, epoch, by);
    }

    /// @dev Who may narrow. The guardian is asked for last: an owner's disarm then reads one word less.
    function _reducer(address safe, address caller) private view returns (DisarmReason) {
        if (caller == safe) return DisarmReason.Safe;
        if (ISafe(safe).isOwner(caller)) return DisarmReason.Owner;
        // No guardian is the zero address, which an eth_call without a sender comes from.
        if (caller != address(0) && caller == _accounts[safe].guardian) return DisarmReason.Guardian;
        revert NotAuthorized(caller);
    }
}
