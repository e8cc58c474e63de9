// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionModule} from "../../src/SessionModule.sol";
import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Attempts to keep power that was taken away, to take it back, or to misuse the power to stop.
contract PowerAttacks is AttackTest {
    function test_a_revoked_session_stays_dead_by_every_way_back() public {
        Policy memory policy = _armed();
        bytes memory intent = _intent(policy, _transfer(RECIPIENT, 1), 1);
        vm.prank(owner);
        module.disarm(address(safe), _id(policy));
        bytes memory revoked = abi.encodeWithSelector(SessionErrors.Revoked.selector, _id(policy));
        _payRefused(policy, 1, revoked);
        vm.expectRevert(revoked);
        _execSigned(policy, _transfer(RECIPIENT, 1), 1, intent);
        vm.expectRevert(revoked);
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        vm.expectRevert(revoked);
        _adapt(policy, "deposit(address,uint256)", 1);
        bytes memory used = abi.encodeWithSelector(SessionErrors.AlreadyUsedId.selector, _id(policy));
        vm.expectRevert(used);
        _arm(policy);
        vm.prank(address(safe));
        safe.disableModule(address(1), address(module));
        vm.prank(address(safe));
        safe.enableModule(address(module));
        _payRefused(policy, 1, revoked);
        vm.expectRevert(used);
        _arm(policy);
    }

    function test_a_live_session_cannot_be_armed_again_to_clear_its_window() public {
        Policy memory policy = _armed();
        for (uint256 i; i < 10; ++i) _pay(policy, 1);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AlreadyUsedId.selector, _id(policy)));
        _arm(policy);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.RateLimited.selector, START + 1 days));
    }

    function test_a_poisoned_id_can_never_be_armed() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, 1, START));
        vm.prank(owner);
        module.disarm(address(multisig), _id(policy));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AlreadyUsedId.selector, _id(policy)));
        module.armWithSig(policy, 1, START, signature);
    }

    /// @dev Poisoning is for one's own Safe only: ids are kept per Safe, and a stranger may not.
    function test_nobody_poisons_an_id_of_another_safe() public {
        Policy memory policy = _policy();
        bytes32 id = _id(policy);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, address(this)));
        module.disarm(address(safe), id);
        vm.prank(address(multisig));
        module.disarm(address(multisig), id);
        _arm(policy);
        _pay(policy, 1);
    }

    /// @dev `forfeit` and `cancelIntent` name their Safe inside a policy the caller writes.
    function test_a_forged_policy_of_a_foreign_safe_harms_only_its_own_id() public {
        Policy memory policy = _armed();
        Policy memory forged = _policy();
        forged.key = address(this);
        module.forfeit(forged);
        module.cancelIntent(forged, 1);
        _pay(policy, 1);
        _execSigned(policy, _transfer(RECIPIENT, 1), 1, _intent(policy, _transfer(RECIPIENT, 1), 1));
    }

    /// @dev A Safe refuses it while it is enabled; after an interlude without it, what was used stays used.
    function test_enabling_the_module_again_resets_no_limit() public {
        Policy memory policy = _armed();
        _pay(policy, 300e6);
        vm.expectRevert("GS102");
        vm.prank(address(safe));
        safe.enableModule(address(module));
        vm.prank(address(safe));
        safe.disableModule(address(1), address(module));
        vm.prank(address(safe));
        safe.enableModule(address(module));
        _assertEq(_left(policy, address(token)), 700e6, "the budget came back");
        _assertEq(_opsLeft(policy), 9, "the uses came back");
        _pay(policy, 300e6);
    }

    function test_a_second_module_on_the_same_safe_shares_no_session() public {
        Policy memory policy = _armed();
        SessionModule second = SessionModule(_production("SessionModule", _moduleArguments()));
        vm.prank(address(safe));
        safe.enableModule(address(second));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotArmed.selector, _id(policy)));
        vm.prank(keyAddress);
        second.exec(policy, _transfer(RECIPIENT, 1), noProof);
        vm.expectRevert();
        vm.prank(address(safe));
        safe.enableModule(address(module));
    }

    function test_a_module_that_was_disabled_moves_nothing_by_any_way() public {
        Policy memory policy = _armed();
        vm.prank(address(safe));
        safe.disableModule(address(1), address(module));
        bytes memory disabled = abi.encodeWithSelector(SessionErrors.ModuleNotEnabled.selector, safe);
        _payRefused(policy, 1, disabled);
        vm.expectRevert(disabled);
        _batch(policy, _transfer(RECIPIENT, 1), _transfer(RECIPIENT, 1));
        vm.expectRevert(disabled);
        _adapt(policy, "deposit(address,uint256)", 1);
        vm.expectRevert(disabled);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _assertEq(_opsLeft(policy), 10, "a refused use was counted");
    }

    function test_a_removed_guardian_stops_nothing_and_a_new_one_does() public {
        Policy memory policy = _armed();
        vm.prank(address(safe));
        module.configure(address(0x57), false);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, SAFE_GUARDIAN));
        vm.prank(SAFE_GUARDIAN);
        module.disarm(address(safe), _id(policy));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, SAFE_GUARDIAN));
        vm.prank(SAFE_GUARDIAN);
        module.disarmAll(address(safe));
        vm.prank(address(0x57));
        module.disarmAll(address(safe));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.StaleEpoch.selector, 0, 1));
    }

    function test_configuring_does_not_touch_the_epoch_and_an_epoch_not_the_configuration() public {
        vm.prank(owner);
        module.disarmAll(address(safe));
        vm.prank(address(safe));
        module.configure(address(0x57), true);
        _assertEq(module.epochOf(address(safe)), 1, "configure changed the epoch");
        vm.prank(owner);
        module.disarmAll(address(safe));
        (address guardian, bool anyOwnerClose) = module.configOf(address(safe));
        _assert(guardian == address(0x57) && anyOwnerClose, "disarmAll changed the configuration");
    }

    /// @dev On an m-of-n Safe one owner closes nothing, unless the Safe opted in; and never to anybody but the Safe.
    function test_one_owner_cannot_grief_a_multisig_by_closing_its_positions() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        _arm(policy);
        _adapt(policy, "deposit(address,uint256)", 100e6);
        _closeRefused();
        vm.prank(address(multisig));
        module.configure(SAFE_GUARDIAN, true);
        vm.prank(address(multisig));
        module.configure(SAFE_GUARDIAN, false);
        _closeRefused();
        _assertEq(vault.balanceOf(address(multisig)), 100e6, "a position was closed");
    }

    function test_a_safe_that_raised_its_threshold_is_no_longer_closed_by_one_owner() public {
        address other = vm.addr(OWNER_2);
        vm.prank(address(safe));
        safe.addOwnerWithThreshold(other, 2);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, owner));
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
    }

    function test_closing_pays_the_safe_only_and_returns_the_callers_value() public {
        Policy memory policy = _armed();
        _adapt(policy, "deposit(address,uint256)", 100e6);
        uint256 safeEther = address(safe).balance;
        vm.deal(owner, 3 ether);
        vm.prank(owner);
        module.emergencyCloseAll{value: 3 ether}(address(safe));
        _assertEq(owner.balance, 3 ether, "the caller's value was kept");
        _assertEq(token.balanceOf(owner), 0, "proceeds went to the caller");
        _assertEq(address(safe).balance, safeEther, "the Safe's own native balance moved");
        _assertEq(token.balanceOf(address(safe)), 1e12, "proceeds are not in the Safe");
    }

    function test_a_close_signature_of_another_epoch_chain_or_safe_is_worthless() public {
        bytes32 digest = _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, START)));
        bytes memory signature = _sign(OWNER, digest);
        bytes memory bad = abi.encodeWithSelector(SessionErrors.BadSignature.selector);
        vm.expectRevert(bad);
        module.emergencyCloseAllWithSig(address(multisig), START, signature);
        vm.chainId(5);
        vm.expectRevert(bad);
        module.emergencyCloseAllWithSig(address(safe), START, signature);
        vm.chainId(31_337);
        vm.prank(owner);
        module.disarmAll(address(safe));
        vm.expectRevert(bad);
        module.emergencyCloseAllWithSig(address(safe), START, signature);
    }

    function _closeRefused() private {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, owner));
        vm.prank(owner);
        module.emergencyCloseAll(address(multisig));
        bytes32 digest = _digest(keccak256(abi.encode(CLOSE_TYPE, multisig, 0, START)));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadSignature.selector));
        module.emergencyCloseAllWithSig(address(multisig), START, _sign(OWNER, digest));
    }
}
