// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Why a policy was refused at arming.
enum PolicyFault {
    Key,
    ValidityOrder,
    ValidityTooLong,
    AlreadyExpired,
    Window,
    MaxOps,
    LimitTooLarge,
    DuplicateToken,
    TooManyLimits
}

/// @notice Every refusal of the module, with what is needed to explain it. The registry's are in RegistryErrors.
interface SessionErrors {
    /// @notice No session has this id. A policy changed in one bit has another id.
    error NotArmed(bytes32 id);
    /// @notice The session was disarmed, forfeited or poisoned, for ever.
    error Revoked(bytes32 id);
    /// @notice Only the policy's key may do this.
    error NotKey();
    /// @notice Only the policy's Safe may do this.
    error NotSafe();
    /// @notice Neither the Safe nor an owner, nor whoever else may do this.
    error NotAuthorized(address caller);
    /// @notice Before the policy's time, in unix seconds.
    error NotYet(uint40 validAfter);
    /// @notice At the policy's end, in unix seconds, or after it.
    error Expired(uint40 validUntil);
    /// @notice disarmAll has moved the Safe on: policies of other epochs are over.
    error StaleEpoch(uint32 policyEpoch, uint32 safeEpoch);
    /// @notice The window holds maxOps operations; the next one counts from `nextAt`, in unix seconds.
    error RateLimited(uint40 nextAt);
    /// @notice The budget has less left at this instant. Token 0 is the native asset.
    error LimitExceeded(address token, uint256 asked, uint256 left);
    /// @notice More than one operation may spend.
    error PerOpExceeded(address token, uint256 asked, uint256 perOp);
    /// @notice The policy has no limit for the token, so it cannot be spent.
    error TokenNotInScope(address token);
    /// @notice The policy's scope root has no such leaf.
    error NotInScope(address target, bytes4 selector, address recipient);
    /// @notice The Safe itself and this module are never targets.
    error SelfCall(address target);
    /// @notice An id is armed once.
    error AlreadyUsedId(bytes32 id);
    /// @notice The policy is not sound; see PolicyFault.
    error BadPolicy(PolicyFault fault);
    /// @notice A batch has 1 to 4 calls and a proof for each.
    error BadBatch(uint256 length);
    /// @notice An approval alone would outlive its operation.
    error ApproveOutsideBatch(address target);
    /// @notice The operation did not use up what it approved.
    error AllowanceLeft(address token, address spender, uint256 amount);
    /// @notice A transfer or approval carries no native value.
    error ValueNotAllowed(uint256 value);
    /// @notice An adapter is reached by execAdapter only, and everything else not by it.
    error WrongKind(address target);
    /// @notice Not a well-formed signature of who must sign.
    error BadSignature();
    /// @notice The intent or arming was used or cancelled.
    error NonceUsed(uint256 nonce);
    /// @notice The signature counted until `deadline`, in unix seconds.
    error DeadlinePassed(uint48 deadline);
    /// @notice The target refused; `reason` is its answer, at most 1,024 bytes of it.
    error CallFailed(bytes reason);
    /// @notice The token answered something else than true or nothing.
    error ReturnedFalse(address token);
    /// @notice The Safe does not obey this module.
    error ModuleNotEnabled(address safe);
    /// @notice A call that the operation made came back in.
    error Reentered();
    /// @notice Native value could not be handed on: the fee to the Safe, or what is left to the caller.
    error RefundFailed();
    /// @notice An emergency close was sent with so little gas that a step could have been starved.
    error NotEnoughGas(uint256 asked);
}
