// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {RegistryErrors} from "../../src/registry/RegistryErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {GenesisRule, NO_ARGUMENT, Rule, RuleKind} from "../../src/types/Rule.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Attempts to reach what no session may: the Safe's own functions, the module, the registry, signatures and routers.
contract ReachAttacks is AttackTest {
    address private constant PERMIT2 = 0x000000000022D473030F116dDEE9F6B43aC78BA3;

    function test_no_function_of_the_safe_itself_is_reachable() public {
        bytes[6] memory calls = [
            abi.encodeCall(safe.enableModule, (address(this))),
            abi.encodeCall(safe.swapOwner, (address(1), owner, address(this))),
            abi.encodeCall(safe.addOwnerWithThreshold, (address(this), 1)),
            abi.encodeCall(safe.setGuard, (address(this))),
            abi.encodeCall(safe.setFallbackHandler, (address(this))),
            abi.encodeCall(safe.changeThreshold, (1))
        ];
        Policy memory policy = _armed();
        for (uint256 i; i < calls.length; ++i) {
            _execRefused(
                policy, Call(address(safe), 0, calls[i]), abi.encodeWithSelector(SessionErrors.SelfCall.selector, safe)
            );
        }
    }

    /// @dev Even a registry that lists them (a mistake, or a stolen governor) does not open them.
    function test_a_listed_safe_or_module_stays_out_of_reach() public {
        _queue(GenesisRule(address(safe), safe.enableModule.selector, 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 36));
        _queue(GenesisRule(address(module), module.configure.selector, 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 68));
        _matureListings();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        _execRefused(
            policy,
            Call(address(safe), 0, abi.encodeCall(safe.enableModule, (address(this)))),
            abi.encodeWithSelector(SessionErrors.SelfCall.selector, safe)
        );
        _execRefused(
            policy,
            Call(address(module), 0, abi.encodeCall(module.configure, (address(this), true))),
            abi.encodeWithSelector(SessionErrors.SelfCall.selector, module)
        );
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.SelfCall.selector, safe));
        _batch(
            policy, _transfer(RECIPIENT, 1), Call(address(safe), 0, abi.encodeCall(safe.enableModule, (address(this))))
        );
    }

    function test_the_registry_guard_and_fallback_handler_are_not_targets() public {
        Policy memory policy = _armed();
        Call memory call = Call(address(registry), 0, abi.encodeCall(registry.removeRecipient, (1, RECIPIENT)));
        _execRefused(policy, call, _notAllowed(call));
        call = Call(handler, 0, abi.encodeWithSignature("getModules(address)", safe));
        _execRefused(policy, call, _notAllowed(call));
        address guard = address(0x6A4D);
        call = Call(guard, 0, abi.encodeWithSignature("checkModuleTransaction()"));
        _execRefused(policy, call, _notAllowed(call));
        Rule memory rule = Rule(0, 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 68);
        bytes4 selector = registry.removeRecipient.selector;
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.BadRule.selector, registry, selector));
        vm.prank(GOVERNOR);
        registry.queueRule(address(registry), selector, rule);
    }

    function test_transferFrom_is_no_transfer() public {
        Policy memory policy = _armed();
        Call memory call =
            Call(address(token), 0, abi.encodeCall(IERC20.transferFrom, (address(safe), RECIPIENT, 1)));
        _execRefused(policy, call, _notAllowed(call));
    }

    function test_permit_and_permit2_are_not_reachable() public {
        Policy memory policy = _armed();
        bytes memory permit = abi.encodeWithSignature(
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            safe,
            address(this),
            1,
            type(uint256).max,
            uint8(27),
            bytes32(0),
            bytes32(0)
        );
        Call memory call = Call(address(token), 0, permit);
        _execRefused(policy, call, _notAllowed(call));
        bytes memory approve =
            abi.encodeWithSignature("approve(address,address,uint160,uint48)", token, address(this), 1, 1);
        call = Call(PERMIT2, 0, approve);
        _execRefused(policy, call, _notAllowed(call));
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, PERMIT2));
        _batch(policy, _approve(address(token), PERMIT2, 1), _transfer(RECIPIENT, 1));
    }

    /// @dev Even where Permit2 is an allowed spender, no allowance survives for it to use afterwards.
    function test_an_allowance_for_permit2_never_outlives_the_batch() public {
        _queueRecipient(1, PERMIT2);
        _matureListings();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AllowanceLeft.selector, token, PERMIT2, 1));
        _batch(policy, _approve(address(token), PERMIT2, 1), _transfer(RECIPIENT, 1));
        _assertEq(token.allowance(address(safe), PERMIT2), 0, "Permit2 kept an allowance");
    }

    function test_a_raw_multicall_is_refused_on_every_target() public {
        Policy memory policy = _armed();
        bytes[] memory inner = new bytes[](1);
        inner[0] = abi.encodeCall(IERC20.transfer, (address(this), 1));
        address[4] memory targets = [address(token), address(vault), address(adapter), RECIPIENT];
        for (uint256 i; i < targets.length; ++i) {
            Call memory call = Call(targets[i], 0, abi.encodeWithSelector(0xac9650d8, inner));
            _execRefused(policy, call, _notAllowed(call));
        }
    }

    function test_an_adapter_is_no_call_target_and_a_call_target_no_adapter() public {
        Policy memory policy = _armed();
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, 1);
        _execRefused(
            policy, Call(address(adapter), 0, args), abi.encodeWithSelector(SessionErrors.WrongKind.selector, adapter)
        );
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.WrongKind.selector, token));
        vm.prank(keyAddress);
        module.execAdapter(policy, address(token), _transfer(RECIPIENT, 1).data, noProof);
    }

    /// @dev Rules are keyed by target and selector together: the selector of one target opens nothing at another.
    function test_a_selector_that_another_target_shares_opens_nothing_there() public {
        Policy memory policy = _armed();
        Call memory call = Call(address(vault), 0, abi.encodeCall(IERC20.transfer, (RECIPIENT, 1)));
        _execRefused(policy, call, _notAllowed(call));
    }

    /// @dev burn(uint256) and collate_propagate_storage(bytes16) are both 0x42966c68; exact length and the rule's arguments
    ///      are all a collision can give: never another recipient, never more than the amount that was counted.
    function test_a_colliding_selector_gets_no_more_than_the_rule_says() public {
        bytes4 selector = bytes4(keccak256("burn(uint256)"));
        _assert(selector == bytes4(keccak256("collate_propagate_storage(bytes16)")), "no collision");
        _queue(GenesisRule(address(0xB0), selector, 1, 0, NO_ARGUMENT, RuleKind.Call, 36));
        _matureListings();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        bytes memory colliding = abi.encodeWithSelector(selector, bytes16("anything at all"));
        _execRefused(
            policy, Call(address(0xB0), 0, colliding), abi.encodeWithSelector(RegistryErrors.BadCalldata.selector)
        );
    }

    function test_calldata_shorter_than_a_selector_is_its_own_selector_only() public {
        Policy memory policy = _armed();
        Call memory call = Call(address(token), 0, hex"a9059c");
        _execRefused(policy, call, abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, token, bytes4(0xa9059c00)));
        _execRefused(
            policy, Call(RECIPIENT, 0, hex"0000"), abi.encodeWithSelector(RegistryErrors.BadCalldata.selector)
        );
    }
}
