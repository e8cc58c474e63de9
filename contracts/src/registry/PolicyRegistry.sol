// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ProtocolWord} from "../lib/ProtocolWord.sol";
import {RuleWord} from "../lib/RuleWord.sol";
import {GenesisRecipient, GenesisRule, NO_ARGUMENT, Rule, RuleKind} from "../types/Rule.sol";
import {RegistryRoles} from "./RegistryRoles.sol";

/// @title The global list of what sessions may call: default deny, no wildcard
/// @notice Adding waits out the delay and is announced by an event; activation is implicit by time. Removing and pausing
///         act at once. A policy with `rulesBefore` at its arming time is pinned: later additions never reach it.
contract PolicyRegistry is RegistryRoles {
    /// @dev Older than every policy, so that a policy pinned by any clock still sees the rules it was deployed with.
    uint40 private constant GENESIS = 1;
    bytes4 private constant APPROVE = 0x095ea7b3;

    /// @dev Layout: RuleWord. Key: target and selector.
    mapping(bytes32 key => uint256 word) private _rules;
    /// @dev Layout: ProtocolWord. A protocol's pause and its first recipient share a word, so that a use reads both at once.
    uint256[256] private _protocols;
    /// @dev Every recipient but the first. Key: protocol id and recipient in one word.
    mapping(uint256 key => uint256 enabledAt) private _recipients;

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
        uint256 protocol = _protocols[protocolId];
        if (ProtocolWord.recipient(protocol) == recipient) _protocols[protocolId] = ProtocolWord.withoutRecipient(protocol);
        else delete _recipients[_recipientKey(protocolId, recipient)];
        emit RecipientRemoved(protocolId, recipient);
    }

    /// @notice Stops every session's calls to a protocol at once. Emergency close does not look at this.
    function pauseProtocol(uint8 protocolId) external onlyGuardian {
        _protocols[protocolId] = ProtocolWord.pause(_protocols[protocolId], type(uint40).max);
        emit ProtocolPaused(protocolId);
    }

    /// @notice Announces the end of a pause; it widens power, so it waits out the delay.
    function queueUnpause(uint8 protocolId) external onlyGovernor {
        uint40 readyAt = _readyAt();
        _protocols[protocolId] = ProtocolWord.pause(_protocols[protocolId], readyAt);
        emit ProtocolUnpauseQueued(protocolId, readyAt);
    }

    /// @return The rule for (target, selector); kind None when there is none.
    function ruleOf(address target, bytes4 selector) external view returns (Rule memory) {
        return RuleWord.unpack(_rules[_key(target, selector)]);
    }

    /// @notice The protocol refuses while the clock is below this; the maximum means paused with no end.
    function pausedUntil(uint8 protocolId) external view returns (uint40) {
        return uint40(ProtocolWord.pausedUntil(_protocols[protocolId]));
    }

    /// @return When the recipient counts from, in unix seconds; 0 when it is not one of the protocol's.
    function recipientEnabledAt(uint8 protocolId, address recipient) external view returns (uint40) {
        return uint40(_enabledAt(_protocols[protocolId], protocolId, recipient));
    }

    /// @notice Judges one call against the rules; reverts with the reason when it is not allowed.
    /// @param safe always a permitted recipient
    /// @param mask bit p set: protocol p is in the policy
    /// @param rulesBefore newest rule the policy accepts, as a unix time in seconds
    /// @return kind the rule's kind, a RuleKind
    /// @return recipient the call's recipient argument, or 0 when the rule has none
    /// @return amount the call's amount argument, or 0 when the rule has none
    function check(address safe, uint256 mask, uint256 rulesBefore, address target, bytes calldata data)
        external
        view
        returns (uint256 kind, address recipient, uint256 amount)
    {
        bytes4 selector = bytes4(data);
        uint256 rule = _rules[_key(target, selector)];
        if (rule == 0) revert NotAllowed(target, selector);
        uint256 protocolId = RuleWord.protocolId(rule);
        if (mask & (1 << protocolId) == 0) revert ProtocolNotInScope(uint8(protocolId));
        uint256 newest = rulesBefore < block.timestamp ? rulesBefore : block.timestamp;
        if (RuleWord.enabledAt(rule) > newest) revert RuleTooNew(uint40(RuleWord.enabledAt(rule)));
        uint256 protocol = _protocols[protocolId];
        if (block.timestamp < ProtocolWord.pausedUntil(protocol)) revert ProtocolIsPaused(uint8(protocolId));
        if (data.length != RuleWord.exactLength(rule)) revert BadCalldata();

        kind = RuleWord.kind(rule);
        uint256 argument = RuleWord.recipientArg(rule);
        if (argument != NO_ARGUMENT) {
            uint256 word = _word(data, argument);
            if (word >> 160 != 0) revert BadCalldata();
            recipient = address(uint160(word));
            if (recipient != safe) {
                uint256 enabledAt = _enabledAt(protocol, protocolId, recipient);
                if (enabledAt == 0) revert RecipientNotAllowed(recipient);
                if (enabledAt > newest) revert RuleTooNew(uint40(enabledAt));
            }
        }
        argument = RuleWord.amountArg(rule);
        if (argument != NO_ARGUMENT) amount = _word(data, argument);
    }

    function _enabledAt(uint256 protocol, uint256 protocolId, address recipient) private view returns (uint256) {
        if (ProtocolWord.recipient(protocol) == recipient) return ProtocolWord.enabledAt(protocol);
        return _recipients[_recipientKey(protocolId, recipient)];
    }

    function _recipientKey(uint256 protocolId, address recipient) private pure returns (uint256) {
        return (protocolId << 160) | uint160(recipient);
    }

    /// @dev An argument's word. Inside the data without a check here: the length is the rule's, and a rule whose arguments do
    ///      not fit its length cannot be added.
    function _word(bytes calldata data, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(add(data.offset, 4), shl(5, index)))
        }
    }

    function _key(address target, bytes4 selector) private pure returns (bytes32) {
        return bytes32(bytes20(target)) | (bytes32(selector) >> 160);
    }

    function _addRule(address target, bytes4 selector, Rule memory rule) private {
        if (!_isSound(target, selector, rule)) revert BadRule(target, selector);
        bytes32 key = _key(target, selector);
        if (_rules[key] != 0) revert RuleExists(target, selector);
        _rules[key] = RuleWord.pack(rule);
        emit RuleQueued(target, selector, rule);
    }

    function _addRecipient(uint8 protocolId, address recipient, uint40 enabledAt) private {
        if (protocolId == 0 || recipient == address(0)) revert BadRecipient(protocolId, recipient);
        uint256 protocol = _protocols[protocolId];
        if (_enabledAt(protocol, protocolId, recipient) != 0) revert RecipientExists(protocolId, recipient);
        if (ProtocolWord.recipient(protocol) == address(0)) {
            _protocols[protocolId] = ProtocolWord.withRecipient(protocol, recipient, enabledAt);
        } else {
            _recipients[_recipientKey(protocolId, recipient)] = enabledAt;
        }
        emit RecipientQueued(protocolId, recipient, enabledAt);
    }

    /// @dev Arguments must lie inside the exact length; what moves value must name its amount and its recipient.
    function _isSound(address target, bytes4 selector, Rule memory rule) private view returns (bool) {
        if (target == address(0) || target == address(this) || rule.protocolId == 0) return false;
        if (rule.kind == RuleKind.None) return false;
        if ((selector == APPROVE) != (rule.kind == RuleKind.Approve)) return false;
        if (rule.kind == RuleKind.Approve && !_isCanonicalApprove(rule)) return false;
        bool movesToken = rule.kind == RuleKind.Transfer || rule.kind == RuleKind.Approve;
        if (movesToken && (rule.recipientArg == NO_ARGUMENT || rule.amountArg == NO_ARGUMENT)) return false;
        return _fits(rule.recipientArg, rule.exactLength) && _fits(rule.amountArg, rule.exactLength);
    }

    /// @dev approve(spender, amount): the module finds the spender at its fixed place when it asks that no allowance is left.
    function _isCanonicalApprove(Rule memory rule) private pure returns (bool) {
        return rule.recipientArg == 0 && rule.amountArg == 1 && rule.exactLength == 68;
    }

    function _fits(uint8 arg, uint16 exactLength) private pure returns (bool) {
        return arg == NO_ARGUMENT || 36 + 32 * uint256(arg) <= exactLength;
    }
}
