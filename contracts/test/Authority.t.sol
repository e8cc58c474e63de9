// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PolicyFault, SessionErrors} from "../src/module/SessionErrors.sol";
import {DisarmReason, SessionEvents} from "../src/module/SessionEvents.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Who may give power, use it and take it away.
contract AuthorityTest is SessionTest {
    function test_only_the_safe_arms() public {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotSafe.selector));
        module.arm(_policy());
    }

    function test_only_the_key_uses() public {
        Policy memory policy = _armed();
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotKey.selector));
        module.exec(policy, _transfer(RECIPIENT, 1), new bytes32[](0));
    }

    function test_a_policy_nobody_armed_or_armed_with_other_limits_is_worthless() public {
        Policy memory policy = _armed();
        policy.limits[0].perOp += 1;
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.NotArmed.selector, keccak256(abi.encode(policy))));
    }

    function test_two_of_three_owners_arm_by_signature_and_only_once() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes32 id = keccak256(abi.encode(policy));
        bytes memory signature = _multisigSignature(_armDigest(policy, id, 7, START + 60));
        vm.warp(START + 61);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.DeadlinePassed.selector, START + 60));
        module.armWithSig(policy, 7, START + 60, signature);
        vm.warp(START);
        module.armWithSig(policy, 7, START + 60, signature);
        _pay(policy, 5e6);
        _assertEq(token.balanceOf(RECIPIENT), 5e6, "the multisig did not pay");
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, 7));
        module.armWithSig(policy, 7, START + 60, signature);
    }

    function test_one_of_two_needed_owners_cannot_arm() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes32 digest = _armDigest(policy, keccak256(abi.encode(policy)), 1, START);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadSignature.selector));
        module.armWithSig(policy, 1, START, _sign(OWNER, digest));
    }

    function test_a_cancelled_arming_is_worthless() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, keccak256(abi.encode(policy)), 3, START));
        vm.prank(address(multisig));
        module.cancelArm(3);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, 3));
        module.armWithSig(policy, 3, START, signature);
    }

    function test_limits_moved_out_of_the_hashed_bytes_are_not_the_armed_policy() public {
        Policy memory policy = _armed();
        bytes memory data = abi.encodeCall(module.exec, (policy, _transfer(RECIPIENT, 1), new bytes32[](0)));
        // The limits' offset is the 14th word of the policy, which starts after the selector and three offsets.
        uint256 at = 32 + 4 + 3 * 32 + 13 * 32;
        assembly ("memory-safe") {
            mstore(add(data, at), add(mload(add(data, at)), 32))
        }
        vm.prank(keyAddress);
        (bool ok,) = address(module).call(data);
        _assert(!ok, "a policy with moved limits passed");
    }

    function test_arming_in_another_layout_arms_what_was_decoded() public {
        Policy memory policy = _policy();
        delete policy.limits;
        bytes memory data = abi.encodeCall(module.arm, (policy));
        // Point the limits one word further, at a zero length of their own.
        data = abi.encodePacked(data, new bytes(32));
        uint256 at = 32 + 4 + 32 + 13 * 32;
        assembly ("memory-safe") {
            mstore(add(data, at), add(mload(add(data, at)), 32))
        }
        vm.prank(address(safe));
        (bool ok, bytes memory id) = address(module).call(data);
        _assert(ok && bytes32(id) == keccak256(abi.encode(policy)), "the id is not that of the decoded policy");
    }

    function test_unsound_policies_are_refused_at_arming() public {
        Policy memory policy = _policy();
        policy.maxOps = 11;
        _armRefused(policy, PolicyFault.MaxOps);
        policy = _policy();
        policy.validUntil = START + 365 days + 1;
        _armRefused(policy, PolicyFault.ValidityTooLong);
        policy = _policy();
        policy.budgetWindow = 0;
        _armRefused(policy, PolicyFault.Window);
        policy = _policy();
        policy.limits[1].token = address(token);
        _armRefused(policy, PolicyFault.DuplicateToken);
        policy = _policy();
        policy.limits[0].perPeriod = uint128(type(uint112).max) + 1;
        _armRefused(policy, PolicyFault.LimitTooLarge);
    }

    function test_a_signed_intent_works_once_and_inside_its_deadline() public {
        Policy memory policy = _armed();
        bytes32 id = keccak256(abi.encode(policy));
        Call memory call = _transfer(RECIPIENT, 2e6);
        bytes memory signature = _sign(KEY, _execDigest(id, call, 9, START + 120));
        vm.warp(START + 121);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.DeadlinePassed.selector, START + 120));
        module.execSigned(policy, call, new bytes32[](0), 9, START + 120, signature);
        vm.warp(START + 120);
        module.execSigned(policy, call, new bytes32[](0), 9, START + 120, signature);
        _assertEq(token.balanceOf(RECIPIENT), 2e6, "the intent had no effect");
        _assert(module.nonceUsed(address(safe), id, 9), "the nonce is not used");
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, 9));
        module.execSigned(policy, call, new bytes32[](0), 9, START + 120, signature);
    }

    function test_a_stranger_or_a_changed_call_or_a_high_s_is_a_bad_signature() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes32 digest = _execDigest(keccak256(abi.encode(policy)), call, 0, START);
        bytes memory bad = abi.encodeWithSelector(SessionErrors.BadSignature.selector);
        vm.expectRevert(bad);
        module.execSigned(policy, call, new bytes32[](0), 0, START, _sign(OWNER, digest));
        vm.expectRevert(bad);
        module.execSigned(policy, _transfer(RECIPIENT, 2), new bytes32[](0), 0, START, _sign(KEY, digest));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        vm.expectRevert(bad);
        module.execSigned(policy, call, new bytes32[](0), 0, START, abi.encodePacked(r, order - uint256(s), v ^ 7));
    }

    function test_a_cancelled_intent_is_worthless() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes memory signature = _sign(KEY, _execDigest(keccak256(abi.encode(policy)), call, 4, START));
        vm.prank(owner);
        module.cancelIntent(policy, 4);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, 4));
        module.execSigned(policy, call, new bytes32[](0), 4, START, signature);
    }

    function test_safe_owner_guardian_and_key_each_end_a_session_for_ever() public {
        address[4] memory reducers = [address(safe), owner, SAFE_GUARDIAN, keyAddress];
        for (uint40 i; i < 4; ++i) {
            Policy memory policy = _policy();
            policy.validUntil += i;
            bytes32 id = _arm(policy);
            vm.prank(reducers[i]);
            if (i == 3) module.forfeit(policy);
            else module.disarm(address(safe), id);
            _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.Revoked.selector, id));
            vm.expectRevert(abi.encodeWithSelector(SessionErrors.AlreadyUsedId.selector, id));
            _arm(policy);
        }
    }

    function test_a_stranger_cannot_disarm() public {
        bytes32 id = _arm(_policy());
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, address(this)));
        module.disarm(address(safe), id);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, address(this)));
        module.disarmAll(address(safe));
    }

    function test_disarming_an_id_that_was_never_armed_poisons_it() public {
        Policy memory policy = _policy();
        bytes32 id = keccak256(abi.encode(policy));
        vm.prank(owner);
        module.disarm(address(safe), id);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.AlreadyUsedId.selector, id));
        _arm(policy);
    }

    function test_one_owner_disarms_by_signature_that_anybody_submits() public {
        Policy memory policy = _armed();
        bytes32 id = keccak256(abi.encode(policy));
        bytes32 typehash = keccak256("Disarm(address safe,bytes32 id,uint48 deadline)");
        vm.expectEmit();
        emit SessionEvents.Disarmed(address(safe), id, owner, DisarmReason.Owner);
        module.disarmWithSig(address(safe), id, START, _sign(OWNER, _digest(keccak256(abi.encode(typehash, safe, id, START)))));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.Revoked.selector, id));
    }

    function test_a_safe_disarms_by_its_own_signature_and_is_named() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes32 id = _arm(policy);
        bytes32 typehash = keccak256("Disarm(address safe,bytes32 id,uint48 deadline)");
        bytes memory signature = _multisigSignature(_digest(keccak256(abi.encode(typehash, multisig, id, START))));
        vm.expectEmit();
        emit SessionEvents.Disarmed(address(multisig), id, address(multisig), DisarmReason.Safe);
        module.disarmWithSig(address(multisig), id, START, signature);
    }

    function test_disarmAll_ends_every_session_and_its_signature_works_once() public {
        Policy memory policy = _armed();
        bytes32 typehash = keccak256("DisarmAll(address safe,uint32 epoch,uint48 deadline)");
        bytes memory signature = _sign(OWNER, _digest(keccak256(abi.encode(typehash, safe, 0, START))));
        module.disarmAllWithSig(address(safe), 0, START, signature);
        bytes memory stale = abi.encodeWithSelector(SessionErrors.StaleEpoch.selector, 0, 1);
        _payRefused(policy, 1, stale);
        vm.expectRevert(stale);
        module.disarmAllWithSig(address(safe), 0, START, signature);
    }

    function test_a_future_epoch_cannot_be_armed_before_disarmAll() public {
        Policy memory policy = _policy();
        policy.epoch = 1;
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.StaleEpoch.selector, 1, 0));
        _arm(policy);
    }

    function test_a_disabled_module_does_nothing_and_says_so() public {
        Policy memory policy = _armed();
        vm.prank(address(safe));
        safe.disableModule(address(1), address(module));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.ModuleNotEnabled.selector, safe));
    }

    function _armRefused(Policy memory policy, PolicyFault fault) private {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadPolicy.selector, fault));
        _arm(policy);
    }

    function _armDigest(Policy memory policy, bytes32 id, uint256 nonce, uint48 deadline) private view returns (bytes32) {
        bytes32 typehash = keccak256(
            "Arm(bytes32 id,bytes32 policyHash,address key,uint40 validUntil,uint256 armNonce,uint48 deadline)"
        );
        return _digest(
            keccak256(abi.encode(typehash, id, policy.policyHash, policy.key, policy.validUntil, nonce, deadline))
        );
    }
}
