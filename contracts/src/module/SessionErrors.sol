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
    error NotArmed(bytes32 id);
    error Revoked(bytes32 id);
    error NotKey();
    error NotSafe();
    error NotAuthorized(address caller);
    error NotYet(uint40 validAfter);
    error Expired(uint40 validUntil);
    error StaleEpoch(uint32 policyEpoch, uint32 safeEpoch);
    error RateLimited(uint40 nextAt);
    error LimitExceeded(address token, uint256 asked, uint256 left);
    error PerOpExceeded(address token, uint256 asked, uint256 perOp);
    error TokenNotInScope(address token);
    error NotInScope(address target, bytes4 selector, address recipient);
    error SelfCall(address target);
    error AlreadyUsedId(bytes32 id);
    error BadPolicy(PolicyFault fault);
    error BadBatch(uint256 length);
    error ApproveOutsideBatch(address target);
    error AllowanceLeft(address token, address spender, uint256 amount);
    error ValueNotAllowed(uint256 value);
    error WrongKind(address target);
    error BadSignature();
    error NonceUsed(uint256 nonce);
    error DeadlinePassed(uint48 deadline);
    error CallFailed(bytes reason);
    error ReturnedFalse(address token);
    error ModuleNotEnabled(address safe);
    error Reentered();
    error RefundFailed();
    /// @notice An emergency close was sent with so little gas that a step could have been starved.
    error NotEnoughGas(uint256 asked);
}
