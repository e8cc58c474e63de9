// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title One storage word per protocol
/// @notice pausedUntil 40 | enabledAt 40 | first recipient 160, from the low bits up. A zero recipient means there is none.
/// @dev Most protocols have one counterparty: a vault, a market, a treasury. Beside the pause it costs no read of its own.
library ProtocolWord {
    uint256 private constant TIME = type(uint40).max;

    function pausedUntil(uint256 word) internal pure returns (uint256) {
        return word & TIME;
    }

    /// @return When the first recipient counts from; 0 without a recipient.
    function enabledAt(uint256 word) internal pure returns (uint256) {
        return (word >> 40) & TIME;
    }

    function recipient(uint256 word) internal pure returns (address) {
        return address(uint160(word >> 80));
    }

    function pause(uint256 word, uint40 until) internal pure returns (uint256) {
        return (word & ~TIME) | until;
    }

    function withRecipient(uint256 word, address first, uint40 time) internal pure returns (uint256) {
        return (word & TIME) | (uint256(time) << 40) | (uint256(uint160(first)) << 80);
    }

    function withoutRecipient(uint256 word) internal pure returns (uint256) {
        return word & TIME;
    }
}
