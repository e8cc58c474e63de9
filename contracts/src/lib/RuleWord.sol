// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Rule, RuleKind} from "../types/Rule.sol";

/// @title One storage word per rule
/// @notice enabledAt 40 | protocolId 8 | recipientArg 8 | amountArg 8 | kind 8 | exactLength 16, from the low bits up.
/// @dev A word instead of a struct saves the memory copy at every look-up.
library RuleWord {
    function pack(Rule memory rule) internal pure returns (uint256) {
        return uint256(rule.enabledAt) | (uint256(rule.protocolId) << 40) | (uint256(rule.recipientArg) << 48)
            | (uint256(rule.amountArg) << 56) | (uint256(rule.kind) << 64) | (uint256(rule.exactLength) << 72);
    }

    function unpack(uint256 word) internal pure returns (Rule memory) {
        return Rule({
            enabledAt: uint40(word),
            protocolId: uint8(word >> 40),
            recipientArg: uint8(word >> 48),
            amountArg: uint8(word >> 56),
            kind: RuleKind(uint8(word >> 64)),
            exactLength: uint16(word >> 72)
        });
    }

    function enabledAt(uint256 word) internal pure returns (uint256) {
        return word & type(uint40).max;
    }

    function protocolId(uint256 word) internal pure returns (uint256) {
        return (word >> 40) & 0xff;
    }

    function recipientArg(uint256 word) internal pure returns (uint256) {
        return (word >> 48) & 0xff;
    }

    function amountArg(uint256 word) internal pure returns (uint256) {
        return (word >> 56) & 0xff;
    }

    function kind(uint256 word) internal pure returns (uint256) {
        return (word >> 64) & 0xff;
    }

    function exactLength(uint256 word) internal pure returns (uint256) {
        return word >> 72;
    }
}
