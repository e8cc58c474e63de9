// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuditAnchor} from "../src/audit/AuditAnchor.sol";
import {GenuineSafe} from "./support/GenuineSafe.sol";
import {vm} from "./support/Vm.sol";

/// @notice RFC 9162 trees, built from the definition, against the proof check of 2.1.4.2.
contract AuditAnchorTest is GenuineSafe {
    AuditAnchor private anchor;

    function setUp() public {
        _wakeMutant();
        anchor = AuditAnchor(_production("AuditAnchor", ""));
    }

    function test_every_pair_of_sizes_is_consistent_by_its_own_proof() public {
        for (uint64 second = 2; second <= 18; ++second) {
            for (uint64 first = 1; first < second; ++first) {
                address publisher = address(uint160(1_000 * second + first));
                bytes32 older = _root(0, first);
                bytes32 newer = _root(0, second);
                bytes32[] memory proof = _proof(first, second);
                vm.prank(publisher);
                anchor.anchor(first, older, new bytes32[](0));
                vm.prank(publisher);
                anchor.anchor(second, newer, proof);
                (uint64 size, bytes32 root,) = anchor.latest(publisher);
                require(size == second && root == newer, "not the latest");
                require(anchor.rootAt(publisher, first) == older, "the older root is gone");
            }
        }
    }

    function test_a_fork_a_wrong_root_and_a_bent_proof_are_refused() public {
        anchor.anchor(21, _root(0, 21), new bytes32[](0));
        bytes32[] memory proof = _proof(21, 37);
        _refused(37, _root(1, 37), proof);
        for (uint256 i; i < proof.length; ++i) {
            bytes32[] memory bent = _proof(21, 37);
            bent[i] ^= bytes32(uint256(1));
            _refused(37, _root(0, 37), bent);
        }
        _refused(37, _root(0, 37), new bytes32[](0));
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i; i < proof.length; ++i) longer[i] = proof[i];
        _refused(37, _root(0, 37), longer);
        anchor.anchor(37, _root(0, 37), proof);
    }

    /// @dev The roots are of 7 and 8 entries, and the proof too: it climbs one level more than trees of 3 and 4 have.
    function test_sizes_whose_trees_are_lower_than_the_proof_are_refused() public {
        anchor.anchor(3, _root(0, 7), new bytes32[](0));
        (bytes32 root, bytes32[] memory proof) = (_root(0, 8), _proof(7, 8));
        vm.expectRevert(abi.encodeWithSelector(AuditAnchor.Inconsistent.selector, 3, 4));
        anchor.anchor(4, root, proof);
    }

    function test_a_smaller_or_equal_size_is_a_rollback() public {
        bytes32 root = _root(0, 8);
        anchor.anchor(8, root, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(AuditAnchor.NotNewer.selector, 8, 8));
        anchor.anchor(8, root, new bytes32[](0));
    }

    function test_an_older_size_is_a_rollback_whatever_its_proof() public {
        anchor.anchor(8, _root(0, 8), new bytes32[](0));
        (bytes32 older, bytes32[] memory proof) = (_root(0, 5), _proof(5, 8));
        vm.expectRevert(abi.encodeWithSelector(AuditAnchor.NotNewer.selector, 5, 8));
        anchor.anchor(5, older, proof);
    }

    function test_an_empty_root_is_no_root() public {
        vm.expectRevert(abi.encodeWithSelector(AuditAnchor.EmptyRoot.selector));
        anchor.anchor(8, 0, new bytes32[](0));
    }

    function test_publishers_do_not_meet() public {
        anchor.anchor(8, _root(0, 8), new bytes32[](0));
        vm.prank(address(0xBAD));
        anchor.anchor(9, bytes32(uint256(1)), new bytes32[](0));
        (uint64 size,,) = anchor.latest(address(this));
        require(size == 8, "another publisher moved this one");
    }

    function _refused(uint64 size, bytes32 root, bytes32[] memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(AuditAnchor.Inconsistent.selector, 21, size));
        anchor.anchor(size, root, proof);
    }

    /// @dev MTH of entries [from, to): 2.1.1. Entry i of tree `from` is its number.
    function _root(uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return sha256(abi.encodePacked(uint8(0), from));
        uint256 split = _split(to - from);
        return sha256(abi.encodePacked(uint8(1), _root(from, from + split), _root(from + split, to)));
    }

    /// @dev PROOF(m, D[n]) = SUBPROOF(m, D[n], true): 2.1.4.1.
    function _proof(uint256 m, uint256 n) private pure returns (bytes32[] memory proof) {
        bytes32[] memory room = new bytes32[](64);
        uint256 length = _subproof(m, 0, n, true, room, 0);
        proof = new bytes32[](length);
        for (uint256 i; i < length; ++i) proof[i] = room[i];
    }

    function _subproof(uint256 m, uint256 from, uint256 to, bool whole, bytes32[] memory room, uint256 length)
        private
        pure
        returns (uint256)
    {
        if (m == to - from) {
            if (!whole) room[length++] = _root(from, to);
            return length;
        }
        uint256 split = _split(to - from);
        if (m <= split) {
            length = _subproof(m, from, from + split, whole, room, length);
            room[length++] = _root(from + split, to);
        } else {
            length = _subproof(m - split, from + split, to, false, room, length);
            room[length++] = _root(from, from + split);
        }
        return length;
    }

    /// @dev The largest power of two smaller than n.
    function _split(uint256 n) private pure returns (uint256 split) {
        split = 1;
        while (split * 2 < n) split *= 2;
    }
}
