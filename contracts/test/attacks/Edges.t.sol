// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Attacks on the edges of time: period boundaries, the first and the last second, epochs.
contract EdgeAttacks is AttackTest {
    function test_ten_operations_before_a_period_edge_leave_none_after_it() public {
        Policy memory policy = _armed();
        vm.warp(START + 1 days - 30);
        for (uint256 i; i < 10; ++i) _pay(policy, 1);
        for (uint256 later; later < 60; later += 7) {
            vm.warp(START + 1 days - 30 + later);
            _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 2 days - 30));
        }
        _assertEq(token.balanceOf(RECIPIENT), 10, "an eleventh operation passed inside a window");
    }

    function test_a_whole_budget_before_a_period_edge_leaves_none_after_it() public {
        Policy memory policy = _policy();
        policy.maxOps = 0;
        _arm(policy);
        vm.warp(START + 1 days - 1);
        for (uint256 i; i < 4; ++i) _pay(policy, 250e6);
        bytes memory spent = abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 1, 0);
        for (uint256 later; later < 60; later += 7) {
            vm.warp(START + 1 days + later);
            _payRefused(policy, 1, spent);
        }
        vm.warp(START + 2 days - 1);
        _payRefused(policy, 1, spent);
        vm.warp(START + 2 days);
        _pay(policy, 1);
    }

    function test_batches_cannot_double_at_the_edge_either() public {
        Policy memory policy = _policy();
        policy.maxOps = 3;
        _arm(policy);
        vm.warp(START + 1 days - 1);
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        vm.warp(START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 2 days - 1));
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        _assertEq(token.balanceOf(RECIPIENT), 2, "half a refused batch stayed");
    }

    /// @dev A stamp of 0 would read as an empty slot: uses in the first second must count like any other.
    function test_uses_in_the_very_block_of_validAfter_are_counted() public {
        Policy memory policy = _armed();
        for (uint256 i; i < 10; ++i) _pay(policy, 100e6);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 1 days));
        _assertEq(_opsLeft(policy), 0, "uses at offset 0 were not counted");
        _assertEq(_left(policy, address(token)), 0, "spending at offset 0 was not counted");
    }

    function test_a_window_of_one_second_admits_maxOps_in_each_second() public {
        Policy memory policy = _policy();
        (policy.rateWindow, policy.maxOps) = (1, 2);
        _arm(policy);
        for (uint40 at = START; at < START + 3; ++at) {
            vm.warp(at);
            _pay(policy, 1);
            _pay(policy, 1);
            _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, at + 1));
        }
    }

    function test_all_ten_timestamps_hold_at_the_last_second_of_365_days() public {
        Policy memory policy = _policy();
        policy.validUntil = START + 365 days;
        policy.limits[0].perPeriod = type(uint112).max;
        (policy.rateWindow, policy.budgetWindow) = (365 days, 365 days);
        _arm(policy);
        vm.warp(START + 365 days - 11);
        for (uint256 i; i < 10; ++i) {
            vm.warp(START + 365 days - 11 + i);
            _pay(policy, 1);
        }
        vm.warp(START + 365 days - 1);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 2 * 365 days - 11));
        (bool armed, bool revoked,, uint8 recorded) = module.status(address(safe), _id(policy));
        _assert(armed && !revoked && recorded == 10, "a late timestamp spilled into another field");
    }

    function test_a_session_longer_than_365_days_cannot_be_armed() public {
        Policy memory policy = _policy();
        policy.validUntil = START + 365 days + 1;
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadPolicy.selector, 2));
        _arm(policy);
    }

    function test_the_widest_windows_do_not_overflow_the_next_time() public {
        Policy memory policy = _policy();
        (policy.rateWindow, policy.maxOps) = (type(uint32).max, 1);
        policy.budgetWindow = type(uint32).max;
        _arm(policy);
        _pay(policy, 1);
        _payRefused(
            policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, uint256(START) + type(uint32).max)
        );
    }

    function test_a_policy_armed_for_a_future_epoch_does_not_survive_disarmAll() public {
        Policy memory policy = _policy();
        policy.epoch = 1;
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.StaleEpoch.selector, 1, 0));
        _arm(policy);
        vm.prank(owner);
        module.disarmAll(address(safe));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.NotArmed.selector, _id(policy)));
    }

    function test_an_epoch_never_wraps_round_to_revive_old_sessions() public {
        Policy memory policy = _armed();
        bytes32 slot = _slotOfEpoch();
        uint256 word = uint256(vm.load(address(module), slot));
        vm.store(address(module), slot, bytes32(word | type(uint32).max));
        _assertEq(module.epochOf(address(safe)), type(uint32).max, "the epoch is not in the low 32 bits");
        vm.expectRevert();
        vm.prank(owner);
        module.disarmAll(address(safe));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.StaleEpoch.selector, 0, type(uint32).max));
    }

    function _slotOfEpoch() private returns (bytes32) {
        vm.record();
        module.epochOf(address(safe));
        (bytes32[] memory reads,) = vm.accesses(address(module));
        return reads[reads.length - 1];
    }
}
