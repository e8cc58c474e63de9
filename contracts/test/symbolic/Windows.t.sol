// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Budget} from "../../src/lib/Budget.sol";
import {NonceBitmap} from "../../src/lib/NonceBitmap.sol";
import {SessionWord} from "../../src/lib/SessionWord.sol";

/// @notice Proofs of the window arithmetic for every word there is, by halmos (node tools/prove.mjs). The argument that puts them
///         together stands in docs/security/contracts-analysis.md. test/Windows.t.sol checks the whole by random sequences.
contract WindowProofs {
    using SessionWord for uint256;

    uint256 private constant STAMP = (1 << 25) - 1;
    mapping(uint256 => uint256) private nonces;

    /// @dev push writes the slot at the head, moves the head round by one, and touches nothing else.
    function check_push_replaces_the_oldest_and_nothing_else(uint256 word, uint256 stamp, uint256 maxOps, uint256 other)
        public
        pure
    {
        if (maxOps == 0 || maxOps > 10 || stamp == 0 || stamp > STAMP) return;
        uint256 head = word.head();
        if (head >= maxOps || other >= 10) return;
        uint256 next = word.push(stamp, maxOps);
        assert(next.slot(head) == stamp);
        assert(next.head() == (head + 1 == maxOps ? 0 : head + 1));
        assert(other == head || next.slot(other) == word.slot(other));
        assert(next.isArmed() == word.isArmed() && next.isRevoked() == word.isRevoked());
    }

    /// @dev Four uses at any times with room for two: of any three admitted in a row, the last is a window or more after the first.
    function check_of_any_three_uses_with_room_for_two_the_outer_ones_are_a_window_apart(
        uint256[4] memory steps,
        uint256 window
    ) public pure {
        if (window == 0 || window > type(uint32).max) return;
        uint256 word = SessionWord.ARMED;
        uint256 now_ = 1;
        uint256[4] memory admitted;
        uint256 count;
        for (uint256 i; i < 4; ++i) {
            if (steps[i] > 1 << 22) return;
            now_ += steps[i];
            uint256 oldest = word.slot(word.head());
            if (oldest != 0 && now_ - oldest < window) continue;
            word = word.push(now_, 2);
            admitted[count++] = now_;
        }
        for (uint256 i = 2; i < count; ++i) assert(admitted[i] - admitted[i - 2] >= window);
    }

    /// @dev What was packed is read back in its own bucket, is the previous one in the next, and is gone after that.
    function check_a_packed_pair_is_read_back_then_ages_then_is_gone(
        uint112 previous,
        uint112 current,
        uint32 index,
        uint32 later
    ) public pure {
        uint256 word = Budget.pack(previous, current, index);
        (uint256 p, uint256 c) = Budget.at(word, index);
        assert(p == previous && c == current);
        (p, c) = Budget.at(word, uint256(index) + 1);
        assert(p == current && c == 0);
        (p, c) = Budget.at(word, uint256(index) + 2 + later);
        assert(p == 0 && c == 0);
    }

    /// @dev Whatever pair respects the limit still does after the largest admitted spending, and when it has aged.
    function check_an_admitted_spending_keeps_the_pair_inside_the_limit(
        uint112 previous,
        uint112 current,
        uint112 limit,
        uint256 amount
    ) public pure {
        if (uint256(previous) + current > limit) return;
        unchecked {
            uint256 left = uint256(limit) - previous - current;
            if (amount > left) return;
            assert(uint256(previous) + current + amount <= limit);
            assert(current + amount <= limit && current + amount <= type(uint112).max);
        }
    }

    /// @dev Buckets move on without forgetting too early: the bucket before this one is what was spent in it.
    function check_the_previous_bucket_is_the_one_just_before(uint256 word, uint256 index) public pure {
        (uint256 previous, uint256 current) = Budget.at(word, index);
        uint256 stored = word >> 224;
        if (index == stored) assert(previous == uint112(word) && current == uint112(word >> 112));
        else if (index == stored + 1 && index != 0) assert(previous == uint112(word >> 112) && current == 0);
        else assert(previous == 0 && current == 0);
    }

    /// @dev One nonce takes one bit, once, and no other nonce's.
    function check_a_nonce_is_fresh_once_and_takes_no_other(uint256 nonce, uint256 other) public {
        bool otherUsed = NonceBitmap.isUsed(nonces, other);
        bool before = NonceBitmap.isUsed(nonces, nonce);
        assert(NonceBitmap.use(nonces, nonce) == !before);
        assert(NonceBitmap.isUsed(nonces, nonce));
        assert(!NonceBitmap.use(nonces, nonce));
        assert(nonce == other || NonceBitmap.isUsed(nonces, other) == otherUsed);
    }
}
