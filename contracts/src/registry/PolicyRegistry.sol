// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GenesisRecipient, GenesisRule, NO_ARGUMENT, Rule, RuleKind} from "../types/Rule.sol";
import {RegistryRoles} from "./RegistryRoles.sol";

/// @title The global list of what sessions may call: default deny, no wildcard
/// @notice Adding waits out the delay and is announced by an event; activation is implicit by time. Removing and pausing
///         act at once. A policy with `rulesBefore` at its arming time is pinned: later additions never reach it.
contract PolicyRegistry is RegistryRoles {
    /// @dev Older than every policy, so that a policy pinned by any clock still sees the rules it was deployed with.
    uint40 private constant GENESIS = 1;
    bytes4 private constant APPROVE = 0x095ea7b3;

    mapping(bytes32 key => Rule) private _rules;
    mapping(uint8 protocolId => mapping(address recipient => uint40 enabledAt)) public recipientEnabledAt;
    /// @notice The protocol refuses while the clock is below this; the maximum means paused with no end.
    mapping(uint8 protocolId => uint40 until) public pausedUntil;

    /// @param guardian may remove and pause
    /// @param governor may add
    /// @param delay seconds an addition waits
    constructor(
        address guardian,
        address governor,
        uint48 delay,
        GenesisRule[] memory rules,
        GenesisRecipient[] memory recipients
    ) RegistryRoles(guardian, governor, delay) {
        for (uint256 i; i < rules.length; ++i) {
            GenesisRule memory g = rules[i];
            _addRule(
                g.target,
                g.selector,
                Rule(GENESIS, g.protocolId, g.recipientArg, g.amountArg, g.kind, g.exactLength)
            );
        }
        for (uint256 i; i < recipients.length; ++i) {
            _addRecipient(recipients[i].protocolId, recipients[i].recipient, GENESIS);
        }
    }

    /// @notice Announces a rule; `rule.enabledAt` is ignored and set to now + delay.
    /// @dev An existing rule must be removed first: a change can then never be confused with what users agreed to.
    function queueRule(address target, bytes4 selector, Rule memory rule) external onlyGovernor {
        rule.enabledAt = _readyAt();
        _addRule(target, selector, rule);
    }

    /// @notice One rule and its recipients in one transaction: a new protocol for every user who follows the registry.
    function queueProtocol(address target, bytes4 selector, Rule memory rule, address[] calldata recipients)
        external
        onlyGovernor
    {
        uint40 readyAt = _readyAt();
        rule.enabledAt = readyAt;
        _addRule(target, selector, rule);
        for (uint256 i; i < recipients.length; ++i) {
            _addRecipient(rule.protocolId, recipients[i], readyAt);
        }
    }

    /// @notice Announces a recipient for a protocol's calls.
    function queueRecipient(uint8 protocolId, address recipient) external onlyGovernor {
        _addRecipient(protocolId, recipient, _readyAt());
    }

    /// @notice Removes a rule at once, for every user.
    function removeRule(address target, bytes4 selector) external onlyGuardian {
        delete _rules[_key(target, selector)];
        emit RuleRemoved(target, selector);
    }

    /// @notice Removes a recipient at once, for every user.
    function removeRecipient(uint8 protocolId, address recipient) external onlyGuardian {
        delete recipientEnabledAt[protocolId][recipient];
        emit RecipientRemoved(protocolId, recipient);
    }

    /// @notice Stops every session's calls to a protocol at once. Emergency close does not look at this.
    function pauseProtocol(uint8 protocolId) external onlyGuardian {
        pausedUntil[protocolId] = type(uint40).max;
        emit ProtocolPaused(protocolId);
    }

    /// @notice Announces the end of a pause; it widens power, so it waits out the delay.
    function queueUnpause(uint8 protocolId) external onlyGovernor {
        uint40 readyAt = _readyAt();
        pausedUntil[protocolId] = readyAt;
        emit ProtocolUnpauseQueued(protocolId, readyAt);
    }

    /// @return The rule for (target, selector); kind None when there is none.
    function ruleOf(address target, bytes4 selector) external view returns (Rule memory) {
        return _rules[_key(target, selector)];
    }

    /// @notice Judges one call against the rules; reverts with the reason when it is not allowed.
    /// @param safe always a permitted recipient
    /// @param mask bit p set: protocol p is in the policy
    /// @param rulesBefore newest rule the policy accepts, as a unix time in seconds
    /// @return kind the rule's kind
    /// @return recipient the call's recipient argument, or 0 when the rule has none
    /// @return amount the call's amount argument, or 0 when the rule has none
    function check(address safe, uint256 mask, uint40 rulesBefore, address target, bytes calldata data)
        external
        view
        returns (RuleKind kind, address recipient, uint256 amount)
    {
        bytes4 selector = bytes4(data);
        Rule memory rule = _rules[_key(target, selector)];
        if (rule.kind == RuleKind.None) revert NotAllowed(target, selector);
        if (mask & (1 << rule.protocolId) == 0) revert ProtocolNotInScope(rule.protocolId);
        if (!_isOpen(rule.enabledAt, rulesBefore)) revert RuleTooNew(rule.enabledAt);
        if (block.timestamp < pausedUntil[rule.protocolId]) revert ProtocolIsPaused(rule.protocolId);
        if (data.length != rule.exactLength) revert BadCalldata();

        kind = rule.kind;
        if (rule.recipientArg != NO_ARGUMENT) {
            recipient = _address(data, rule.recipientArg);
            if (recipient != safe) {
                uint40 enabledAt = recipientEnabledAt[rule.protocolId][recipient];
                if (enabledAt == 0) revert RecipientNotAllowed(recipient);
                if (!_isOpen(enabledAt, rulesBefore)) revert RuleTooNew(enabledAt);
            }
        }
        if (rule.amountArg != NO_ARGUMENT) amount = uint256(_word(data, rule.amountArg));
    }

    function _isOpen(uint40 enabledAt, uint40 rulesBefore) private view returns (bool) {
        return enabledAt <= rulesBefore && enabledAt <= block.timestamp;
    }

    function _word(bytes calldata data, uint256 index) private pure returns (bytes32) {
        unchecked {
            // index is below 256; slicing checks the bounds.
            uint256 start = 4 + 32 * index;
            return bytes32(data[start:start + 32]);
        }
    }

    function _address(bytes calldata data, uint256 index) private pure returns (address) {
        uint256 word = uint256(_word(data, index));
        if (word >> 160 != 0) revert BadCalldata();
        return address(uint160(word));
    }

    function _key(address target, bytes4 selector) private pure returns (bytes32) {
        return bytes32(bytes20(target)) | (bytes32(selector) >> 160);
    }

    function _addRule(address target, bytes4 selector, Rule memory rule) private {
        if (!_isSound(target, selector, rule)) revert BadRule(target, selector);
        Rule storage stored = _rules[_key(target, selector)];
        if (stored.kind != RuleKind.None) revert RuleExists(target, selector);
        _rules[_key(target, selector)] = rule;
        emit RuleQueued(target, selector, rule);
    }

    function _addRecipient(uint8 protocolId, address recipient, uint40 enabledAt) private {
        if (protocolId == 0 || recipient == address(0)) revert BadRecipient(protocolId, recipient);
        if (recipientEnabledAt[protocolId][recipient] != 0) revert RecipientExists(protocolId, recipient);
        recipientEnabledAt[protocolId][recipient] = enabledAt;
        emit RecipientQueued(protocolId, recipient, enabledAt);
    }

    /// @dev Arguments must lie inside the exact length; what moves value must name its amount and its recipient.
    function _isSound(address target, bytes4 selector, Rule memory rule) private view returns (bool) {
        if (target == address(0) || target == address(this) || rule.protocolId == 0) return false;
        if (rule.kind == RuleKind.None) return false;
        if ((selector == APPROVE) != (rule.kind == RuleKind.Approve)) return false;
        bool movesToken = rule.kind == RuleKind.Transfer || rule.kind == RuleKind.Approve;
        if (movesToken && (rule.recipientArg == NO_ARGUMENT || rule.amountArg == NO_ARGUMENT)) return false;
        return _fits(rule.recipientArg, rule.exactLength) && _fits(rule.amountArg, rule.exactLength);
    }

    function _fits(uint8 arg, uint16 exactLength) private pure returns (bool) {
        return arg == NO_ARGUMENT || 36 + 32 * uint256(arg) <= exactLength;
    }
}
