// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RegistryErrors} from "../../src/registry/RegistryErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy, TokenLimit} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Attacks by bytes no compiler writes: dirty words, bytes too many, offsets that overlap or point elsewhere.
contract RawCalldataAttacks is AttackTest {
    /// @dev Byte position, in a memory array, of word `word` after the selector.
    function _at(uint256 word) private pure returns (uint256) {
        return 32 + 4 + 32 * word;
    }

    function test_every_dirty_upper_bit_of_an_address_word_is_refused() public {
        Policy memory policy = _armed();
        for (uint256 bit = 160; bit < 256; bit += 5) {
            bytes memory data =
                abi.encodePacked(token.transfer.selector, uint256(uint160(RECIPIENT)) | (1 << bit), uint256(1));
            _execRefused(
                policy, Call(address(token), 0, data), abi.encodeWithSelector(RegistryErrors.BadCalldata.selector)
            );
        }
    }

    function test_trailing_bytes_are_refused_whatever_their_number() public {
        Policy memory policy = _armed();
        for (uint256 extra = 1; extra <= 96; extra += 19) {
            bytes memory data = abi.encodePacked(_transfer(RECIPIENT, 1).data, new bytes(extra));
            _execRefused(
                policy, Call(address(token), 0, data), abi.encodeWithSelector(RegistryErrors.BadCalldata.selector)
            );
        }
    }

    /// @dev Each static word of the policy with each of its unused upper bits set is another policy: not armed.
    function test_dirty_bits_in_any_word_of_the_policy_are_never_the_armed_one() public {
        Policy memory policy = _armed();
        bytes memory data = _execData(policy, _transfer(RECIPIENT, 1));
        for (uint256 word; word < 13; ++word) {
            uint256 position = _at(3 + word);
            uint256 before = _word(data, position);
            _setWord(data, position, before ^ (1 << 255));
            _assert(!_send(data), "a policy with a flipped top bit passed");
            _setWord(data, position, before);
        }
        _assert(_send(data), "the clean policy is refused");
    }

    function test_dirty_bits_in_the_limits_are_never_the_armed_ones() public {
        Policy memory policy = _armed();
        bytes memory data = _execData(policy, _transfer(RECIPIENT, 1));
        for (uint256 word; word < 6; ++word) {
            uint256 position = _at(3 + 14 + 1 + word);
            uint256 before = _word(data, position);
            _setWord(data, position, before ^ (1 << 200));
            _assert(!_send(data), "limits with dirty bits passed");
            _setWord(data, position, before);
        }
    }

    /// @dev The limits' offset moved onto a second, larger array behind the hashed bytes.
    function test_limits_pointed_at_a_richer_copy_do_not_count() public {
        Policy memory policy = _armed();
        TokenLimit[] memory rich = new TokenLimit[](1);
        rich[0] = TokenLimit(address(token), type(uint112).max, type(uint112).max);
        bytes memory data = _execData(policy, _transfer(RECIPIENT, 900e6));
        uint256 policyStart = 3 * 32;
        uint256 richAt = data.length - 4;
        bytes memory tail = abi.encode(rich);
        // Drop abi.encode's own offset word.
        assembly ("memory-safe") {
            let length := sub(mload(tail), 32)
            tail := add(tail, 32)
            mstore(tail, length)
        }
        data = abi.encodePacked(data, tail);
        _setWord(data, _at(3 + 13), richAt - policyStart);
        _assert(!_send(data), "limits outside the hashed bytes were believed");
        _assertEq(token.balanceOf(RECIPIENT), 0, "something was paid");
    }

    /// @dev Call and proof share their bytes with the policy: what is judged must be what is sent.
    function test_overlapping_offsets_send_exactly_what_was_judged() public {
        Policy memory policy = _armed();
        bytes memory data = _execData(policy, _transfer(RECIPIENT, 1));
        uint256 before = token.balanceOf(RECIPIENT);
        for (uint256 offset; offset < data.length - 4; offset += 32) {
            for (uint256 head = 1; head < 3; ++head) {
                uint256 kept = _word(data, _at(head));
                _setWord(data, _at(head), offset);
                if (_send(data)) _requireHonest(before);
                before = token.balanceOf(RECIPIENT);
                _setWord(data, _at(head), kept);
            }
        }
    }

    function testFuzz_no_single_changed_word_moves_more_than_the_call_says(uint256 word, uint256 value, bool small)
        public
    {
        Policy memory policy = _armed();
        bytes memory data = _execData(policy, _transfer(RECIPIENT, 5));
        if (small) value %= data.length;
        _setWord(data, _at(word % ((data.length - 4) / 32)), value);
        uint256 supply = token.balanceOf(address(safe));
        if (_send(data)) _assert(supply - token.balanceOf(address(safe)) <= 300e6, "more than perOp left the Safe");
        _assertEq(RECIPIENT.balance, 0, "native value left the Safe");
    }

    function _requireHonest(uint256 before) private view {
        _assert(token.balanceOf(RECIPIENT) <= before + 1, "another amount than judged was sent");
    }

    function _execData(Policy memory policy, Call memory call) private view returns (bytes memory) {
        return abi.encodeCall(module.exec, (policy, call, noProof));
    }

    function _send(bytes memory data) private returns (bool ok) {
        vm.prank(keyAddress);
        (ok,) = address(module).call(data);
    }

    function _word(bytes memory data, uint256 position) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(data, position))
        }
    }

    function _setWord(bytes memory data, uint256 position, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(data, position), word)
        }
    }
}
