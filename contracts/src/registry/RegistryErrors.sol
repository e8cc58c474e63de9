// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Refusals of the registry. They reach the caller of the session module unchanged.
interface RegistryErrors {
    error NotGuardian(address caller);
    error NotGovernor(address caller);
    error BadRule(address target, bytes4 selector);
    error BadRecipient(uint8 protocolId, address recipient);
    error RuleExists(address target, bytes4 selector);
    error RecipientExists(uint8 protocolId, address recipient);
    error NotAllowed(address target, bytes4 selector);
    error RuleTooNew(uint40 enabledAt);
    error ProtocolNotInScope(uint8 protocolId);
    error ProtocolIsPaused(uint8 protocolId);
    error RecipientNotAllowed(address recipient);
    error BadCalldata();
    error NothingPending();
    error TooEarly(uint40 readyAt);
}
