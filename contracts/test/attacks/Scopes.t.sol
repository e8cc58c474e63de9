// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Attacks on the Merkle tree of a scope.
contract ScopeAttacks is AttackTest {
    bytes32 private paysRecipient;
    bytes32 private paysSafe;

    function setUp() public override {
        super.setUp();
        paysRecipient = _leaf(RECIPIENT);
        paysSafe = _leaf(address(safe));
    }

    function test_a_leaf_of_another_sessions_scope_opens_nothing() public {
        Policy memory wide = _policy();
        wide.scopeRoot = _node(paysRecipient, paysSafe);
        _arm(wide);
        Policy memory narrow = _policy();
        narrow.scopeRoot = paysSafe;
        _arm(narrow);
        _exec(wide, _transfer(RECIPIENT, 1), _proof(paysSafe));
        _refusedWith(narrow, RECIPIENT, _proof(paysSafe));
        _refusedWith(narrow, RECIPIENT, noProof);
        _exec(narrow, _transfer(address(safe), 1));
    }

    function test_another_sessions_root_cannot_be_shown_with_this_sessions_policy() public {
        Policy memory narrow = _policy();
        narrow.scopeRoot = paysSafe;
        _arm(narrow);
        narrow.scopeRoot = _node(paysRecipient, paysSafe);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotArmed.selector, _id(narrow)));
        _exec(narrow, _transfer(RECIPIENT, 1), _proof(paysSafe));
    }

    /// @dev An inner node hashes 64 bytes and a leaf 96: no call's leaf can be an inner node, and no proof can skip a level.
    function test_an_inner_node_is_no_leaf_and_a_short_or_long_proof_leads_nowhere() public {
        bytes32 left = _node(paysRecipient, paysSafe);
        bytes32 right = _node(keccak256("a"), keccak256("b"));
        Policy memory policy = _policy();
        policy.scopeRoot = _node(left, right);
        _arm(policy);
        bytes32[] memory whole = new bytes32[](2);
        (whole[0], whole[1]) = (paysSafe, right);
        _exec(policy, _transfer(RECIPIENT, 1), whole);
        _refusedWith(policy, RECIPIENT, _proof(right));
        _refusedWith(policy, RECIPIENT, _proof(paysSafe));
        _refusedWith(policy, RECIPIENT, noProof);
        bytes32[] memory long = new bytes32[](3);
        (long[0], long[1], long[2]) = (paysSafe, right, keccak256("c"));
        _refusedWith(policy, RECIPIENT, long);
        (whole[0], whole[1]) = (right, paysSafe);
        _refusedWith(policy, RECIPIENT, whole);
    }

    /// @dev A leaf with recipient 0 is for rules without a recipient; it is no wildcard.
    function test_a_leaf_without_recipient_is_no_wildcard() public {
        Policy memory policy = _policy();
        policy.scopeRoot = _leaf(address(0));
        _arm(policy);
        _refusedWith(policy, RECIPIENT, noProof);
        _refusedWith(policy, address(safe), noProof);
    }

    function test_the_empty_scope_is_no_proof_of_anything_else() public {
        Policy memory policy = _policy();
        policy.scopeRoot = bytes32(uint256(1));
        _arm(policy);
        _refusedWith(policy, RECIPIENT, noProof);
        _refusedWith(policy, RECIPIENT, _proof(0));
    }

    function _refusedWith(Policy memory policy, address to, bytes32[] memory proof) private {
        vm.expectRevert(
            abi.encodeWithSelector(SessionErrors.NotInScope.selector, token, token.transfer.selector, to)
        );
        _exec(policy, _transfer(to, 1), proof);
    }

    function _leaf(address recipient) private view returns (bytes32) {
        return keccak256(abi.encode(address(token), token.transfer.selector, recipient));
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _proof(bytes32 sibling) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = sibling;
    }
}
