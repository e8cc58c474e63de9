// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice No allowance a session sets outlives the operation that set it.
contract AllowanceAttacks is AttackTest {
    function test_a_batch_that_reverts_half_way_leaves_no_allowance_and_no_trace() public {
        Policy memory policy = _armed();
        Call[] memory calls = new Call[](3);
        (calls[0], calls[1], calls[2]) = (_approve(address(token), address(vault), 10e6), _deposit(5e6), _deposit(6e6));
        vm.expectRevert();
        vm.prank(keyAddress);
        module.execBatch(policy, calls, new bytes32[][](3));
        _assertEq(token.allowance(address(safe), address(vault)), 0, "an allowance survived");
        _assertEq(vault.balanceOf(address(safe)), 0, "half a batch survived");
        _assertEq(_left(policy, address(token)), 1_000e6, "a reverted batch cost budget");
        _assertEq(_opsLeft(policy), 10, "a reverted batch cost operations");
    }

    function test_approve_and_then_transferFrom_from_outside_is_impossible() public {
        Policy memory policy = _armed();
        _execRefused(
            policy,
            _approve(address(token), address(vault), 1),
            abi.encodeWithSelector(SessionErrors.ApproveOutsideBatch.selector, token)
        );
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AllowanceLeft.selector, token, vault, 1));
        _batch(policy, _approve(address(token), address(vault), 1), _transfer(RECIPIENT, 1));
    }

    function test_two_approvals_of_one_spender_are_both_looked_at() public {
        Policy memory policy = _armed();
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AllowanceLeft.selector, token, vault, 2));
        _batch(policy, _approve(address(token), address(vault), 1), _approve(address(token), address(vault), 2));
    }

    function test_an_allowance_of_0_may_stand_alone() public {
        Policy memory policy = _armed();
        vm.prank(address(safe));
        token.approve(address(vault), 5);
        _batch(policy, _approve(address(token), address(vault), 0), _transfer(RECIPIENT, 1));
        _assertEq(token.allowance(address(safe), address(vault)), 0, "the owner's old allowance is still there");
    }

    /// @dev An allowance the owner set is the owner's: a batch that does not touch it does not stumble over it.
    function test_an_allowance_of_the_owner_is_left_alone() public {
        Policy memory policy = _armed();
        vm.prank(address(safe));
        token.approve(address(0xD0), 5);
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        _assertEq(token.allowance(address(safe), address(0xD0)), 5, "a foreign allowance was changed");
    }

    function test_approving_costs_budget_even_when_it_is_used_up() public {
        Policy memory policy = _armed();
        for (uint256 i; i < 3; ++i) {
            _batch(policy, _approve(address(token), address(vault), 300e6), _deposit(300e6));
        }
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 300e6, 100e6));
        _batch(policy, _approve(address(token), address(vault), 300e6), _deposit(300e6));
    }

    function test_the_adapters_own_allowance_is_used_up() public {
        Policy memory policy = _armed();
        _adapt(policy, "deposit(address,uint256)", 77e6);
        _assertEq(token.allowance(address(safe), address(vault)), 0, "the adapter left an allowance");
    }
}
