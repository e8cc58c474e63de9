// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../src/module/SessionErrors.sol";
import {RegistryErrors} from "../src/registry/RegistryErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {Rule, RuleKind} from "../src/types/Rule.sol";
import {TestToken} from "./tokens/TestToken.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Batches, the vault adapter, emergency close, and a registry that changes under a live session.
contract OperationsTest is SessionTest {
    function test_approve_alone_is_refused() public {
        _execRefused(_armed(), _approve(10e6), abi.encodeWithSelector(SessionErrors.ApproveOutsideBatch.selector, token));
    }

    function test_a_batch_may_approve_what_it_uses_up() public {
        Policy memory policy = _armed();
        _batch(policy, _approve(10e6), _deposit(10e6));
        _assertEq(vault.balanceOf(address(safe)), 10e6, "no shares");
        (uint256 left, uint8 opsLeft,) = module.remaining(policy, address(token));
        _assertEq(left, 990e6, "approve was not counted as spending");
        _assertEq(opsLeft, 8, "each inner call costs one operation");
    }

    function test_an_allowance_that_a_batch_would_leave_reverts_all_of_it() public {
        Policy memory policy = _armed();
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AllowanceLeft.selector, token, vault, 1));
        _batch(policy, _approve(10e6 + 1), _deposit(10e6));
        _assertEq(vault.balanceOf(address(safe)), 0, "half a batch stayed");
        (uint256 left,,) = module.remaining(policy, address(token));
        _assertEq(left, 1_000e6, "a reverted batch cost budget");
    }

    function test_a_batch_counts_its_own_calls_against_rate_and_budget() public {
        Policy memory policy = _policy();
        policy.maxOps = 1;
        _arm(policy);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 1 days));
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        policy.maxOps = 10;
        policy.limits[0].perPeriod = 500e6;
        _arm(policy);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, token, 300e6, 200e6));
        _batch(policy, _transfer(RECIPIENT, 300e6), _transfer(RECIPIENT, 300e6));
    }

    function test_an_empty_batch_or_one_of_five_is_refused() public {
        Policy memory policy = _armed();
        for (uint256 length; length <= 5; length += 5) {
            vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadBatch.selector, length));
            vm.prank(keyAddress);
            module.execBatch(policy, new Call[](length), new bytes32[][](length));
        }
    }

    function test_the_adapter_deposits_for_the_safe_and_lists_the_vault() public {
        Policy memory policy = _armed();
        _adapt(policy, "deposit(address,uint256)", 100e6);
        _assertEq(vault.balanceOf(address(safe)), 100e6, "the Safe holds no shares");
        _assertEq(token.allowance(address(safe), address(vault)), 0, "an allowance outlived the operation");
        _assert(metavaults.isRegistered(address(safe), address(vault)), "the vault is not listed");
        _adapt(policy, "redeem(address,uint256)", 40e6);
        _assertEq(vault.balanceOf(address(safe)), 60e6, "redeem took something else");
        (uint256 left,,) = module.remaining(policy, address(token));
        _assertEq(left, 900e6, "redeem spends nothing, deposit its assets");
    }

    function test_the_adapter_keeps_to_listed_vaults_and_budgets() public {
        Policy memory policy = _armed();
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.PerOpExceeded.selector, token, 301e6, 300e6));
        _adapt(policy, "deposit(address,uint256)", 301e6);
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", address(0xBAD), 1);
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, address(0xBAD)));
        vm.prank(keyAddress);
        module.execAdapter(policy, address(adapter), args, new bytes32[](0));
    }

    function test_one_owner_closes_every_position_of_a_paused_protocol() public {
        _adapt(_armed(), "deposit(address,uint256)", 100e6);
        vm.prank(GUARDIAN);
        registry.pauseProtocol(2);
        uint256 before = token.balanceOf(address(safe));
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _assertEq(token.balanceOf(address(safe)), before + 100e6, "proceeds are not in the Safe");
        _assertEq(vault.balanceOf(address(safe)), 0, "a position stayed open");
    }

    function test_emergency_close_by_signature_runs_once() public {
        _adapt(_armed(), "deposit(address,uint256)", 100e6);
        bytes32 typehash = keccak256("EmergencyCloseAll(address safe,uint32 epoch,uint48 deadline)");
        bytes32 digest = _digest(keccak256(abi.encode(typehash, safe, 0, START)));
        module.emergencyCloseAllWithSig(address(safe), START, _sign(OWNER, digest));
        _assertEq(vault.balanceOf(address(safe)), 0, "a position stayed open");
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, uint256(digest)));
        module.emergencyCloseAllWithSig(address(safe), START, _sign(OWNER, digest));
    }

    function test_one_owner_of_a_multisig_closes_only_after_the_safe_opted_in() public {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, owner));
        vm.prank(owner);
        module.emergencyCloseAll(address(multisig));
        vm.prank(address(multisig));
        module.configure(SAFE_GUARDIAN, true);
        vm.prank(owner);
        module.emergencyCloseAll(address(multisig));
    }

    function test_a_stranger_and_the_guardian_cannot_close() public {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, SAFE_GUARDIAN));
        vm.prank(SAFE_GUARDIAN);
        module.emergencyCloseAll(address(safe));
    }

    function test_a_queued_rule_waits_out_the_delay_and_never_reaches_a_pinned_policy() public {
        TestToken other = new TestToken("Other", "OTH", 6);
        other.mint(address(safe), 1e9);
        Policy memory pinned = _policy();
        pinned.limits[1].token = address(other);
        _arm(pinned);
        Policy memory following = _policy();
        following.limits[1].token = address(other);
        following.rulesBefore = type(uint40).max;
        _arm(following);
        vm.prank(GOVERNOR);
        registry.queueRule(address(other), other.transfer.selector, Rule(0, 1, 0, 1, RuleKind.Transfer, 68));
        Call memory call = Call(address(other), 0, abi.encodeCall(other.transfer, (RECIPIENT, 1)));
        bytes memory tooNew = abi.encodeWithSelector(RegistryErrors.RuleTooNew.selector, START + DELAY);
        vm.warp(START + DELAY - 1);
        _execRefused(following, call, tooNew);
        vm.warp(START + DELAY);
        _exec(following, call);
        _execRefused(pinned, call, tooNew);
    }

    function test_removal_and_pause_act_at_once_and_unpausing_waits() public {
        Policy memory policy = _armed();
        vm.prank(GUARDIAN);
        registry.pauseProtocol(1);
        bytes memory paused = abi.encodeWithSelector(RegistryErrors.ProtocolIsPaused.selector, 1);
        _payRefused(policy, 1, paused);
        vm.prank(GOVERNOR);
        registry.queueUnpause(1);
        vm.warp(START + DELAY - 1);
        _payRefused(policy, 1, paused);
        vm.warp(START + DELAY);
        _pay(policy, 1);
        vm.prank(GUARDIAN);
        registry.removeRecipient(1, RECIPIENT);
        _payRefused(policy, 1, abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, RECIPIENT));
        vm.prank(GUARDIAN);
        registry.removeRule(address(token), token.transfer.selector);
        _payRefused(policy, 1, abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, token, token.transfer.selector));
    }

    function test_only_the_governor_adds_and_a_stranger_cannot_remove() public {
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.NotGovernor.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        registry.queueRecipient(1, address(1));
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.NotGuardian.selector, address(this)));
        registry.pauseProtocol(1);
    }

    function testFuzz_validate_agrees_with_exec(uint256 amount, uint8 used, uint32 later, uint8 choice) public {
        Policy memory policy = _armed();
        for (uint256 i; i < used % 11; ++i) _pay(policy, 100e6);
        vm.warp(START + later % 40 days);
        address to = choice % 4 == 0 ? address(0xBAD) : choice % 4 == 1 ? address(safe) : RECIPIENT;
        Call memory call = _transfer(to, amount % 400e6);
        if (choice % 7 == 0) call.data = abi.encodePacked(call.data, hex"00");
        if (choice % 11 == 0) call.to = address(module);
        (bool ok, bytes4 selector, bytes memory detail) = module.validate(policy, call, new bytes32[](0));
        vm.prank(keyAddress);
        try module.exec(policy, call, new bytes32[](0)) {
            _assert(ok, "exec passed what validate refused");
        } catch (bytes memory reason) {
            _assert(!ok, "exec refused what validate passed");
            _assert(keccak256(reason) == keccak256(abi.encodePacked(selector, detail)), "another error than validate said");
        }
    }

    function _approve(uint256 amount) private view returns (Call memory) {
        return Call(address(token), 0, abi.encodeCall(token.approve, (address(vault), amount)));
    }

    function _deposit(uint256 amount) private view returns (Call memory) {
        return Call(address(vault), 0, abi.encodeCall(vault.deposit, (amount, address(safe))));
    }

    function _batch(Policy memory policy, Call memory a, Call memory b) private {
        Call[] memory calls = new Call[](2);
        (calls[0], calls[1]) = (a, b);
        vm.prank(policy.key);
        module.execBatch(policy, calls, new bytes32[][](2));
    }

    function _adapt(Policy memory policy, string memory operation, uint256 amount) private {
        bytes memory args = abi.encodeWithSignature(operation, address(vault), amount);
        vm.prank(policy.key);
        module.execAdapter(policy, address(adapter), args, new bytes32[](0));
    }
}
