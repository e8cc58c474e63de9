// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Refusals of the registry. They reach the caller of the session module unchanged.
interface RegistryErrors {
    /// @notice Only guardian and governor may reduce.
    error NotGuardian(address caller);
    /// @notice Only the governor may add.
    error NotGovernor(address caller);
    /// @notice The rule is not sound: no protocol, an argument outside the exact length, or a kind that does not fit.
    error BadRule(address target, bytes4 selector);
    /// @notice Neither protocol 0 nor the zero address is one.
    error BadRecipient(uint8 protocolId, address recipient);
    /// @notice Remove the rule first: a change must not be taken for what users agreed to.
    error RuleExists(address target, bytes4 selector);
    /// @notice The recipient is one of the protocol's already, or waits to be.
    error RecipientExists(uint8 protocolId, address recipient);
    /// @notice There is no rule for this target and selector.
    error NotAllowed(address target, bytes4 selector);
    /// @notice The rule or recipient is younger than the policy accepts, or waits until `enabledAt`, in unix seconds.
    error RuleTooNew(uint40 enabledAt);
    /// @notice The policy's mask leaves the rule's protocol out.
    error ProtocolNotInScope(uint8 protocolId);
    /// @notice The guardian stopped the protocol for everybody.
    error ProtocolIsPaused(uint8 protocolId);
    /// @notice The recipient argument is neither the Safe nor one of the protocol's recipients.
    error RecipientNotAllowed(address recipient);
    /// @notice The calldata has another length than the rule's, or dirty bits in an address.
    error BadCalldata();
    /// @notice Nobody offered this role to the caller.
    error NothingPending();
    /// @notice The role can be accepted from `readyAt`, in unix seconds.
    error TooEarly(uint40 readyAt);
}
