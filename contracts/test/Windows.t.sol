// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Budget} from "../src/lib/Budget.sol";
import {SessionWord} from "../src/lib/SessionWord.sol";

/// @notice The property that docs/security/contracts-analysis.md argues for, on random sequences: no half-open window, wherever it
///         starts, holds more uses than maxOps or more value than the limit. Sums are taken the plain way.
contract WindowPropertyTest {
    using SessionWord for uint256;

    struct Use {
        uint256 at;
        uint256 amount;
    }

    uint256 private constant STEPS = 48;

    function testFuzz_no_window_holds_more_than_maxOps(uint256 seed, uint8 room, uint16 window) public pure {
        uint256 maxOps = 1 + room % 10;
        uint256 rateWindow = 1 + uint256(window) % 400;
        uint256 word = SessionWord.ARMED;
        Use[] memory admitted = new Use[](STEPS);
        (uint256 count, uint256 stamp) = (0, 1);
        for (uint256 i; i < STEPS; ++i) {
            stamp += _step(seed, i, rateWindow);
            uint256 oldest = word.slot(word.head());
            if (oldest != 0 && stamp - oldest < rateWindow) continue;
            word = word.push(stamp, maxOps);
            admitted[count++] = Use(stamp, 1);
            uint256 inWindow = _sum(admitted, count, stamp, rateWindow);
            require(inWindow <= maxOps, "too many uses in a window");
            uint256 left = maxOps - word.countAfter(stamp > rateWindow ? stamp - rateWindow : 0);
            require(left == maxOps - inWindow, "another number of uses is left");
        }
        require(count > 0, "nothing was admitted");
    }

    function testFuzz_no_window_holds_more_than_the_limit(uint256 seed, uint112 limit, uint16 window) public pure {
        uint256 budgetWindow = 1 + uint256(window) % 400;
        uint256 word;
        Use[] memory admitted = new Use[](STEPS);
        (uint256 count, uint256 now_) = (0, 0);
        for (uint256 i; i < STEPS; ++i) {
            now_ += _step(seed, i, budgetWindow);
            uint256 index = now_ / budgetWindow;
            (uint256 previous, uint256 current) = Budget.at(word, index);
            uint256 left = uint256(limit) - previous - current;
            uint256 amount = i % 3 == 0 ? left : uint256(keccak256(abi.encode(seed, i, "amount"))) % (uint256(limit) + 1);
            if (amount > left) continue;
            word = Budget.pack(previous, current + amount, index);
            admitted[count++] = Use(now_, amount);
            require(_sum(admitted, count, now_, budgetWindow) <= limit, "too much value in a window");
        }
        require(count > 0, "nothing was admitted");
    }

    function testFuzz_countAfter_counts_the_slots_above_the_limit(uint256 word, uint256 limit, uint8 near) public pure {
        limit = near % 3 == 0 ? word.slot(near % 10) : limit % (1 << 25);
        uint256 count;
        for (uint256 i; i < 10; ++i) {
            if (word.slot(i) > limit) ++count;
        }
        require(word.countAfter(limit) == count, "lanes and slots disagree");
    }

    /// @dev 0, small, or to the second around the window's length.
    function _step(uint256 seed, uint256 i, uint256 window) private pure returns (uint256) {
        uint256 draw = uint256(keccak256(abi.encode(seed, i)));
        if (draw % 3 == 0) return 0;
        return draw % 3 == 1 ? (draw >> 8) % (window / 8 + 2) : window - 1 + (draw >> 8) % 3;
    }

    /// @dev Every window is bounded when every window that ends with a use is: (now - length, now].
    function _sum(Use[] memory admitted, uint256 count, uint256 now_, uint256 length) private pure returns (uint256 sum) {
        for (uint256 i = count; i > 0 && now_ - admitted[i - 1].at < length; --i) sum += admitted[i - 1].amount;
    }
}
