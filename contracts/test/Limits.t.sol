// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../src/module/SessionErrors.sol";
import {RegistryErrors} from "../src/registry/RegistryErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Time, rate, budgets, scope and calldata, at their boundaries.
contract LimitsTest is SessionTest {
    function test_a_transfer_inside_the_limits_moves_the_tokens() public {
        _pay(_armed(), 10e6);
        _assertEq(token.balanceOf(RECIPIENT), 10e6, "recipient was not paid");
    }

    function test_the_eleventh_operation_waits_until_the_first_is_a_window_old() public {
        Policy memory policy = _armed();
        for (uint256 i; i < 10; ++i) {
            vm.warp(START + i);
            _pay(policy, 1e6);
        }
        bytes memory limited = abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 1 days);
        vm.warp(START + 10);
        _payRefused(policy, 1e6, limited);
        vm.warp(START + 1 days - 1);
        _payRefused(policy, 1e6, limited);
        vm.warp(START + 1 days);
        _pay(policy, 1e6);
        _payRefused(policy, 1e6, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 1 days + 1));
        vm.warp(START + 1 days + 1);
        _pay(policy, 1e6);
    }

    function test_no_boundary_doubles_the_count_or_the_budget() public {
        Policy memory policy = _armed();
        policy.validAfter = START - 1;
        _arm(policy);
        vm.warp(START + 1 days - 30);
        for (uint256 i; i < 10; ++i) _pay(policy, 100e6);
        vm.warp(START + 1 days + 30);
        vm.expectRevert();
        _pay(policy, 1);
        policy.maxOps = 0;
        _arm(policy);
        vm.warp(START + 2 days - 3);
        for (uint256 i; i < 10; ++i) _pay(policy, 100e6);
        vm.warp(START + 2 days + 3);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 1, 0));
        _assertEq(token.balanceOf(RECIPIENT), 2_000e6, "one of the two sessions was overspent");
    }

    function test_the_budget_returns_when_both_buckets_are_past() public {
        Policy memory policy = _policy();
        policy.maxOps = 0;
        _arm(policy);
        for (uint256 i; i < 5; ++i) _pay(policy, 200e6);
        vm.warp(START + 2 days - 1);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 1, 0));
        vm.warp(START + 2 days);
        _pay(policy, 300e6);
    }

    function test_the_last_unit_of_each_limit_passes_and_one_more_does_not() public {
        Policy memory policy = _armed();
        _payRefused(policy, 300e6 + 1, abi.encodeWithSelector(SessionErrors.PerOpExceeded.selector, token, 300e6 + 1, 300e6));
        for (uint256 i; i < 3; ++i) _pay(policy, 300e6);
        _payRefused(policy, 100e6 + 1, abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 100e6 + 1, 100e6));
        _pay(policy, 100e6);
    }

    function test_a_session_lives_from_validAfter_until_just_before_validUntil() public {
        Policy memory policy = _policy();
        policy.validAfter = START + 100;
        _arm(policy);
        vm.warp(START + 99);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.NotYet.selector, START + 100));
        vm.warp(START + 100);
        _pay(policy, 1);
        vm.warp(policy.validUntil - 1);
        _pay(policy, 1);
        vm.warp(policy.validUntil);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.Expired.selector, policy.validUntil));
    }

    function test_the_window_word_still_counts_on_the_last_second_of_365_days() public {
        Policy memory policy = _policy();
        (policy.validUntil, policy.maxOps) = (START + 365 days, 1);
        _arm(policy);
        vm.warp(START + 365 days - 2);
        _pay(policy, 1);
        vm.warp(START + 365 days - 1);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 366 days - 2));
    }

    function test_a_foreign_recipient_is_refused_and_the_safe_itself_is_not() public {
        Policy memory policy = _armed();
        _execRefused(
            policy,
            _transfer(address(0xBAD), 1),
            abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, address(0xBAD))
        );
        _exec(policy, _transfer(address(safe), 1));
    }

    function test_an_unknown_selector_or_target_is_refused() public {
        Policy memory policy = _armed();
        bytes memory data = abi.encodeCall(token.mint, (RECIPIENT, 1));
        _execRefused(
            policy,
            Call(address(token), 0, data),
            abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, token, token.mint.selector)
        );
        _execRefused(
            policy, Call(address(1), 0, data), abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, address(1), token.mint.selector)
        );
    }

    function test_dirty_address_bits_and_every_wrong_length_are_refused() public {
        Policy memory policy = _armed();
        bytes memory bad = abi.encodeWithSelector(RegistryErrors.BadCalldata.selector);
        bytes memory dirty = abi.encodePacked(token.transfer.selector, uint256(uint160(RECIPIENT)) | (1 << 160), uint256(1));
        _execRefused(policy, Call(address(token), 0, dirty), bad);
        bytes memory good = _transfer(RECIPIENT, 1).data;
        _execRefused(policy, Call(address(token), 0, abi.encodePacked(good, hex"00")), bad);
        _execRefused(policy, Call(address(token), 0, abi.encodePacked(token.transfer.selector, new bytes(63))), bad);
    }

    function test_native_value_counts_against_the_native_limit_only_where_a_rule_takes_it() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        call.value = 1;
        _execRefused(policy, call, abi.encodeWithSelector(SessionErrors.ValueNotAllowed.selector, 1));
        _exec(policy, Call(RECIPIENT, 1 ether, ""));
        _exec(policy, Call(RECIPIENT, 1 ether, ""));
        _execRefused(
            policy, Call(RECIPIENT, 1, ""), abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, address(0), 1, 0)
        );
        _assertEq(RECIPIENT.balance, 2 ether, "native value did not arrive");
    }

    function test_a_token_without_a_limit_cannot_be_spent() public {
        Policy memory policy = _policy();
        delete policy.limits;
        _arm(policy);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.TokenNotInScope.selector, token));
    }

    function test_a_protocol_outside_the_mask_is_refused() public {
        Policy memory policy = _policy();
        policy.protocolMask = 1 << 2;
        _arm(policy);
        _payRefused(policy, 1, abi.encodeWithSelector(RegistryErrors.ProtocolNotInScope.selector, 1));
    }

    function test_the_safe_and_the_module_cannot_be_called() public {
        Policy memory policy = _armed();
        _execRefused(policy, Call(address(safe), 0, ""), abi.encodeWithSelector(SessionErrors.SelfCall.selector, safe));
        _execRefused(policy, Call(address(module), 0, ""), abi.encodeWithSelector(SessionErrors.SelfCall.selector, module));
    }

    function test_only_leaves_of_the_scope_pass_each_with_its_own_proof() public {
        bytes32 leafA = _leaf(RECIPIENT);
        bytes32 leafB = _leaf(address(safe));
        Policy memory policy = _policy();
        policy.scopeRoot = leafA < leafB ? keccak256(abi.encode(leafA, leafB)) : keccak256(abi.encode(leafB, leafA));
        _arm(policy);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = leafB;
        _exec(policy, _transfer(RECIPIENT, 1), proof);
        bytes memory outside =
            abi.encodeWithSelector(SessionErrors.NotInScope.selector, token, token.transfer.selector, address(safe));
        vm.expectRevert(outside);
        _exec(policy, _transfer(address(safe), 1), proof);
        _payRefused(
            policy, 1, abi.encodeWithSelector(SessionErrors.NotInScope.selector, token, token.transfer.selector, RECIPIENT)
        );
        proof[0] = leafA;
        _exec(policy, _transfer(address(safe), 1), proof);
    }

    function test_a_scope_of_one_leaf_needs_no_proof() public {
        Policy memory policy = _policy();
        policy.scopeRoot = _leaf(RECIPIENT);
        _arm(policy);
        _pay(policy, 1);
    }

    function _leaf(address recipient) private view returns (bytes32) {
        return keccak256(abi.encode(address(token), token.transfer.selector, recipient));
    }
}
