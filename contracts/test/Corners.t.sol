// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {VaultAdapter} from "../src/adapters/VaultAdapter.sol";
import {RegistryErrors} from "../src/registry/RegistryErrors.sol";
import {PolicyFault, SessionErrors} from "../src/module/SessionErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy, TokenLimit} from "../src/types/Policy.sol";
import {Rule, RuleKind} from "../src/types/Rule.sol";
import {AttackTest} from "./support/AttackTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Corners that a mutant once survived in.
contract CornerTest is AttackTest {
    bytes32 private constant CALL_TYPE = keccak256("Call(address to,uint256 value,bytes data)");
    bytes32 private constant BATCH_TYPE = keccak256(
        "ExecBatch(bytes32 id,Call[] calls,uint256 nonce,uint48 deadline)Call(address to,uint256 value,bytes data)"
    );
    bytes32 private constant ADAPTER_TYPE =
        keccak256("ExecAdapter(bytes32 id,address adapter,bytes args,uint256 nonce,uint48 deadline)");
    address private constant FIRST = address(0xF1);
    address private constant SECOND = address(0xF2);

    /// @dev Recipients beyond a protocol's first are kept in a mapping of their own.
    function test_a_later_recipient_of_one_protocol_is_none_of_another() public {
        _queueRecipient(2, FIRST);
        _queueRecipient(2, SECOND);
        _matureListings();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        address[2] memory foreign = [FIRST, SECOND];
        for (uint256 i; i < 2; ++i) {
            _execRefused(
                policy,
                _transfer(foreign[i], 1),
                abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, foreign[i])
            );
            _assertEq(registry.recipientEnabledAt(1, foreign[i]), 0, "a recipient of protocol 2 shows in protocol 1");
        }
    }

    /// @dev What README says a use reads: the rule, the protocol with its first recipient, and one more word for any other recipient.
    function test_a_protocols_first_recipient_costs_no_read_of_its_own() public {
        address[2] memory recipients = [RECIPIENT, address(vault)];
        for (uint256 i; i < 2; ++i) {
            vm.record();
            registry.check(address(safe), 2, START, address(token), abi.encodeCall(token.transfer, (recipients[i], 1)));
            (bytes32[] memory reads,) = vm.accesses(address(registry));
            _assertEq(reads.length, 2 + i, "another number of words");
        }
    }

    function test_a_queued_recipient_waits_out_the_delay_and_never_reaches_a_pinned_policy() public {
        Policy memory pinned = _armed();
        Policy memory following = _followingWith(address(1));
        _arm(following);
        _queueRecipient(1, FIRST);
        bytes memory tooNew = abi.encodeWithSelector(RegistryErrors.RuleTooNew.selector, START + DELAY);
        vm.warp(START + DELAY - 1);
        _execRefused(following, _transfer(FIRST, 1), tooNew);
        vm.warp(START + DELAY);
        _exec(following, _transfer(FIRST, 1));
        _execRefused(pinned, _transfer(FIRST, 1), tooNew);
    }

    function test_the_vault_adapter_knows_two_operations_and_one_length() public {
        bytes memory unknown = abi.encodeWithSignature("withdraw(address,uint256)", vault, 1);
        vm.expectRevert(abi.encodeWithSelector(VaultAdapter.UnknownOperation.selector, bytes4(unknown)));
        adapter.build(address(safe), 0, unknown);
        bytes memory long = abi.encodePacked(abi.encodeWithSignature("deposit(address,uint256)", vault, 1), uint8(0));
        vm.expectRevert(abi.encodeWithSelector(VaultAdapter.BadArguments.selector));
        adapter.build(address(safe), 0, long);
    }

    function test_closing_touches_no_allowance_that_is_0_already() public {
        _adapt(_armed(), "deposit(address,uint256)", 1);
        vm.expectCall(address(token), abi.encodeCall(IERC20.approve, (address(vault), 0)), 0);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
    }

    function test_closing_clears_a_listed_allowance() public {
        _adapt(_armed(), "deposit(address,uint256)", 1);
        vm.prank(address(safe));
        token.approve(address(vault), 5);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _assertEq(token.allowance(address(safe), address(vault)), 0, "an allowance stayed");
    }

    function test_a_rule_reads_back_as_it_was_queued() public {
        Rule memory rule = Rule(0, 9, 3, 2, RuleKind.Transfer, 132);
        vm.prank(GOVERNOR);
        registry.queueRule(FIRST, 0x01020304, rule);
        rule.enabledAt = START + uint40(DELAY);
        _assert(
            keccak256(abi.encode(registry.ruleOf(FIRST, 0x01020304))) == keccak256(abi.encode(rule)),
            "a field was packed elsewhere"
        );
    }

    function test_a_signed_batch_and_a_signed_adapter_operation_run_as_eip712_says() public {
        Policy memory policy = _armed();
        Call[] memory calls = new Call[](1);
        calls[0] = _transfer(RECIPIENT, 3);
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = keccak256(abi.encode(CALL_TYPE, calls[0].to, calls[0].value, keccak256(calls[0].data)));
        bytes32 digest =
            _digest(keccak256(abi.encode(BATCH_TYPE, _id(policy), keccak256(abi.encodePacked(hashes)), 1, START)));
        module.execBatchSigned(policy, calls, new bytes32[][](1), 1, START, _sign(KEY, digest));
        _assertEq(token.balanceOf(RECIPIENT), 3, "the batch did not run");
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, 4);
        digest = _digest(keccak256(abi.encode(ADAPTER_TYPE, _id(policy), adapter, keccak256(args), 2, START)));
        module.execAdapterSigned(policy, address(adapter), args, noProof, 2, START, _sign(KEY, digest));
        _assertEq(vault.balanceOf(address(safe)), 4, "the adapter operation did not run");
    }

    function test_a_policy_that_ends_this_very_second_cannot_be_armed() public {
        Policy memory policy = _policy();
        policy.validUntil = START + 1;
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadPolicy.selector, PolicyFault.AlreadyExpired));
        _arm(policy);
        vm.warp(START);
        _arm(policy);
    }

    function test_sixteen_limits_are_the_most() public {
        Policy memory policy = _policy();
        policy.limits = _limits(16);
        _arm(policy);
        policy.limits = _limits(17);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadPolicy.selector, PolicyFault.TooManyLimits));
        _arm(policy);
    }

    /// @dev This test contract takes no native value.
    function test_a_caller_who_cannot_be_paid_back_is_told_so() public {
        bytes32 digest = _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, START)));
        vm.deal(address(this), 1);
        bytes memory signature = _sign(OWNER, digest);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.RefundFailed.selector));
        module.emergencyCloseAllWithSig{value: 1}(address(safe), START, signature);
    }

    function test_a_close_signature_ends_with_its_deadline() public {
        bytes memory signature = _sign(OWNER, _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, START - 1))));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.DeadlinePassed.selector, START - 1));
        module.emergencyCloseAllWithSig(address(safe), START - 1, signature);
    }

    function test_a_second_disarm_says_nothing() public {
        bytes32 id = _id(_armed());
        vm.prank(owner);
        module.disarm(address(safe), id);
        vm.recordLogs();
        vm.prank(owner);
        module.disarm(address(safe), id);
        _assertEq(vm.getRecordedLogs().length, 0, "it was disarmed twice");
    }

    function test_there_is_no_next_operation_at_the_very_end() public {
        Policy memory policy = _policy();
        (policy.maxOps, policy.rateWindow) = (1, 30 days);
        _arm(policy);
        _pay(policy, 1);
        (,, uint40 nextOpAt) = module.remaining(policy, address(token));
        _assertEq(nextOpAt, 0, "validUntil itself is too late");
        policy.rateWindow = 30 days - 1;
        _arm(policy);
        _pay(policy, 1);
        (,, nextOpAt) = module.remaining(policy, address(token));
        _assertEq(nextOpAt, policy.validUntil - 1, "the last second counts");
    }

    function test_nothing_remains_at_the_very_end() public {
        Policy memory policy = _armed();
        vm.warp(policy.validUntil - 1);
        _assertEq(_left(policy, address(token)), 1_000e6, "the last second counts");
        vm.warp(policy.validUntil);
        _assertEq(_left(policy, address(token)) + _opsLeft(policy), 0, "validUntil itself is too late");
    }

    function test_only_the_canonical_approve_can_be_a_rule() public {
        Rule[3] memory rules = [
            Rule(0, 1, 1, 0, RuleKind.Approve, 68),
            Rule(0, 1, 0, 0, RuleKind.Approve, 68),
            Rule(0, 1, 0, 1, RuleKind.Approve, 100)
        ];
        for (uint256 i; i < rules.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(RegistryErrors.BadRule.selector, FIRST, IERC20.approve.selector)
            );
            vm.prank(GOVERNOR);
            registry.queueRule(FIRST, IERC20.approve.selector, rules[i]);
        }
    }

    function _limits(uint160 length) private pure returns (TokenLimit[] memory limits) {
        limits = new TokenLimit[](length);
        for (uint160 i; i < length; ++i) limits[i] = TokenLimit(address(i + 1), 1, 1);
    }
}
