// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Two-bucket budget: never above the limit in any window
/// @notice One word per (session, token): previous bucket uint112 | current bucket uint112 | bucket index uint32.
/// @dev A window of length `budgetWindow` touches at most two neighbouring buckets, so `previous + current + x <= limit`
///      bounds every window, wherever it starts. It may refuse early, never late.
library Budget {
    uint256 private constant INDEX_SHIFT = 224;

    /// @notice Both buckets as seen at bucket `index`.
    function at(uint256 word, uint256 index) internal pure returns (uint256 previous, uint256 current) {
        uint256 stored = word >> INDEX_SHIFT;
        if (stored == index) return (uint112(word), uint112(word >> 112));
        if (stored + 1 == index) return (uint112(word >> 112), 0);
        return (0, 0);
    }

    /// @dev The caller has checked previous + current <= perPeriod <= type(uint112).max.
    function pack(uint256 previous, uint256 current, uint256 index) internal pure returns (uint256) {
        return previous | (current << 112) | (index << INDEX_SHIFT);
    }
}
