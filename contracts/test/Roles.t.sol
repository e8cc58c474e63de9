// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../src/module/SessionErrors.sol";
import {RegistryErrors} from "../src/registry/RegistryErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {Rule, RuleKind} from "../src/types/Rule.sol";
import {AttackTest} from "./support/AttackTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice The registry's roles change hands slowly, and nobody else acts for them.
contract RolesTest is AttackTest {
    address private constant NEXT = address(0x4E);

    function test_a_role_is_announced_by_the_governor_and_accepted_by_its_holder_after_the_delay() public {
        bool[2] memory roles = [true, false];
        for (uint256 i; i < 2; ++i) {
            vm.prank(GOVERNOR);
            registry.queueRole(roles[i], NEXT);
            uint256 readyAt = block.timestamp + DELAY;
            vm.expectRevert(abi.encodeWithSelector(RegistryErrors.NothingPending.selector));
            registry.acceptRole(roles[i]);
            vm.warp(readyAt - 1);
            vm.expectRevert(abi.encodeWithSelector(RegistryErrors.TooEarly.selector, readyAt));
            vm.prank(NEXT);
            registry.acceptRole(roles[i]);
            vm.warp(readyAt);
            vm.prank(NEXT);
            registry.acceptRole(roles[i]);
            _assert((roles[i] ? registry.guardian() : registry.governor()) == NEXT, "the role did not change hands");
            vm.expectRevert(abi.encodeWithSelector(RegistryErrors.NothingPending.selector));
            vm.prank(NEXT);
            registry.acceptRole(roles[i]);
        }
        _assert(registry.guardian() == NEXT && registry.governor() == NEXT, "one role displaced the other");
    }

    function test_only_the_governor_announces_and_adds() public {
        Rule memory rule = Rule(0, 1, 0, 1, RuleKind.Transfer, 68);
        bytes memory no = abi.encodeWithSelector(RegistryErrors.NotGovernor.selector, GUARDIAN);
        vm.expectRevert(no);
        vm.prank(GUARDIAN);
        registry.queueRole(false, GUARDIAN);
        vm.expectRevert(no);
        vm.prank(GUARDIAN);
        registry.queueRule(address(1), 0x01020304, rule);
        vm.expectRevert(no);
        vm.prank(GUARDIAN);
        registry.queueProtocol(address(1), 0x01020304, rule, new address[](0));
        vm.expectRevert(no);
        vm.prank(GUARDIAN);
        registry.queueUnpause(1);
    }

    function test_a_batch_is_judged_before_it_is_sent_as_it_would_be_when_sent() public {
        Policy memory policy = _armed();
        Call[] memory calls = new Call[](1);
        calls[0] = _transfer(RECIPIENT, 1);
        (bool ok,,) = module.validateBatch(policy, calls, new bytes32[][](1));
        _assert(ok, "a good batch is refused");
        vm.prank(address(safe));
        safe.disableModule(address(1), address(module));
        (bool still, bytes4 selector,) = module.validateBatch(policy, calls, new bytes32[][](1));
        _assert(!still && selector == SessionErrors.ModuleNotEnabled.selector, "a disabled module would act");
    }
}
