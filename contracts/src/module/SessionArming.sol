// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {NonceBitmap} from "../lib/NonceBitmap.sol";
import {SessionWord} from "../lib/SessionWord.sol";
import {Policy, TokenLimit} from "../types/Policy.sol";
import {PolicyFault} from "./SessionErrors.sol";
import {SessionSignatures} from "./SessionSignatures.sol";
import {SessionState} from "./SessionState.sol";

/// @title Giving power: only the Safe itself can
abstract contract SessionArming is SessionState, SessionSignatures {
    using NonceBitmap for mapping(uint256 => uint256);

    uint256 private constant MAX_VALIDITY = 365 days;
    uint256 private constant MAX_OPS = 10;
    uint256 private constant MAX_LIMITS = 16;

    /// @notice Sets who may disarm beside the owners, and whether any single owner may close everything in an emergency.
    /// @dev Called by the Safe. Safes of threshold 1 always let any owner close.
    function configure(address guardian, bool anyOwnerClose) external {
        Account storage account = _accounts[msg.sender];
        account.guardian = guardian;
        account.anyOwnerClose = anyOwnerClose;
        emit Configured(msg.sender, guardian, anyOwnerClose);
    }

    /// @notice Arms a session. The caller must be the policy's Safe.
    /// @return id keccak256(abi.encode(policy))
    function arm(Policy calldata policy) external returns (bytes32 id) {
        if (msg.sender != policy.safe) revert NotSafe();
        bytes memory encoded = abi.encode(policy);
        id = keccak256(encoded);
        _arm(policy, id, encoded);
    }

    /// @notice Arms a session by the Safe's ERC-1271 signature, so that anybody can pay for it.
    /// @param armNonce unordered, single use, per Safe
    /// @param deadline last second (unix time) at which the signature counts
    function armWithSig(Policy calldata policy, uint256 armNonce, uint48 deadline, bytes calldata signature)
        external
        returns (bytes32 id)
    {
        _requireDeadline(deadline);
        if (!_armNonces[policy.safe].use(armNonce)) revert NonceUsed(armNonce);
        bytes memory encoded = abi.encode(policy);
        id = keccak256(encoded);
        _requireSafeSignature(policy.safe, _armDigest(id, policy, armNonce, deadline), signature);
        _arm(policy, id, encoded);
    }

    /// @notice Makes a signed but unused arming worthless. Called by the Safe.
    function cancelArm(uint256 armNonce) external {
        _armNonces[msg.sender].use(armNonce);
        emit ArmCancelled(msg.sender, armNonce);
    }

    /// @dev `encoded` is the compiler's strict re-encoding, not the calldata as it stands: calldata with dirty bits, or whose
    ///      limits lie elsewhere than their canonical place, must never be armed, or the key could change them afterwards.
    ///      The event is written from the same bytes, `emit Armed(policy.safe, policy.key, id, policy)`: a policy is its only
    ///      unindexed argument. Saves encoding it twice, about 1,200 gas.
    function _arm(Policy calldata policy, bytes32 id, bytes memory encoded) private {
        _requireSound(policy);
        Session storage session = _sessions[policy.safe][id];
        if (session.word != 0) revert AlreadyUsedId(id);
        session.word = SessionWord.ARMED;
        bytes32 topic = Armed.selector;
        (address safe, address key) = (policy.safe, policy.key);
        assembly ("memory-safe") {
            log4(add(encoded, 0x20), mload(encoded), topic, safe, key, id)
        }
    }

    function _requireSound(Policy calldata policy) private view {
        uint32 epoch = _accounts[policy.safe].epoch;
        if (policy.epoch != epoch) revert StaleEpoch(policy.epoch, epoch);
        if (policy.key == address(0) || policy.key == policy.safe) revert BadPolicy(PolicyFault.Key);
        if (policy.validUntil <= policy.validAfter) revert BadPolicy(PolicyFault.ValidityOrder);
        if (policy.validUntil - policy.validAfter > MAX_VALIDITY) revert BadPolicy(PolicyFault.ValidityTooLong);
        if (policy.validUntil <= block.timestamp) revert BadPolicy(PolicyFault.AlreadyExpired);
        if (policy.rateWindow == 0 || policy.budgetWindow == 0) revert BadPolicy(PolicyFault.Window);
        if (policy.maxOps > MAX_OPS) revert BadPolicy(PolicyFault.MaxOps);
        _requireSoundLimits(policy.limits);
    }

    function _requireSoundLimits(TokenLimit[] calldata limits) private pure {
        if (limits.length > MAX_LIMITS) revert BadPolicy(PolicyFault.TooManyLimits);
        for (uint256 i; i < limits.length; ++i) {
            if (limits[i].perPeriod > type(uint112).max) revert BadPolicy(PolicyFault.LimitTooLarge);
            for (uint256 j; j < i; ++j) {
                if (limits[j].token == limits[i].token) revert BadPolicy(PolicyFault.DuplicateToken);
            }
        }
    }
}
