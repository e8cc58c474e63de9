// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionModule} from "../../src/SessionModule.sol";
import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Replays and forgeries of what keys and owners sign.
contract SignatureAttacks is AttackTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes private bad = abi.encodeWithSelector(SessionErrors.BadSignature.selector);

    function test_an_intent_of_another_chain_is_worthless() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes memory signature = _intent(policy, call, 1);
        vm.chainId(999);
        _signedRefused(policy, call, 1, signature, bad);
        vm.chainId(31_337);
        _execSigned(policy, call, 1, signature);
    }

    function test_an_intent_for_another_module_is_worthless() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes memory signature = _intent(policy, call, 1);
        SessionModule second = _secondModule();
        vm.prank(address(safe));
        second.arm(policy);
        vm.expectRevert(bad);
        second.execSigned(policy, call, noProof, 1, type(uint48).max, signature);
    }

    function test_an_intent_for_another_account_is_worthless() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes memory signature = _intent(policy, call, 1);
        policy.safe = address(multisig);
        _arm(policy);
        _signedRefused(policy, call, 1, signature, bad);
    }

    function test_an_intent_for_another_session_of_the_same_key_is_worthless() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        bytes memory signature = _intent(policy, call, 1);
        policy.policyHash = keccak256("another document");
        _arm(policy);
        _signedRefused(policy, call, 1, signature, bad);
    }

    function test_an_arming_of_another_chain_module_or_account_is_worthless() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, 1, START));
        vm.chainId(999);
        vm.expectRevert(bad);
        module.armWithSig(policy, 1, START, signature);
        vm.chainId(31_337);
        SessionModule second = _secondModule();
        vm.expectRevert(bad);
        second.armWithSig(policy, 1, START, signature);
        policy.safe = address(safe);
        vm.expectRevert(bad);
        module.armWithSig(policy, 1, START, signature);
        policy.safe = address(multisig);
        module.armWithSig(policy, 1, START, signature);
    }

    function test_an_arming_works_once_even_after_its_session_is_gone() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, 1, START));
        module.armWithSig(policy, 1, START, signature);
        vm.prank(owner);
        module.disarm(address(multisig), _id(policy));
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NonceUsed.selector, 1));
        module.armWithSig(policy, 1, START, signature);
    }

    function test_every_field_of_an_arming_is_signed() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, 1, START));
        vm.expectRevert(bad);
        module.armWithSig(policy, 2, START, signature);
        vm.expectRevert(bad);
        module.armWithSig(policy, 1, START + 1, signature);
        policy.maxSlippageBps += 1;
        vm.expectRevert(bad);
        module.armWithSig(policy, 1, START, signature);
    }

    function test_every_field_of_an_intent_is_signed() public {
        Policy memory policy = _armed();
        Call memory call = Call(RECIPIENT, 5, "");
        bytes memory signature = _intent(policy, call, 1);
        _signedRefused(policy, Call(RECIPIENT, 6, ""), 1, signature, bad);
        _signedRefused(policy, Call(address(token), 5, ""), 1, signature, bad);
        _signedRefused(policy, Call(RECIPIENT, 5, hex"00"), 1, signature, bad);
        _signedRefused(policy, call, 2, signature, bad);
        vm.expectRevert(bad);
        module.execSigned(policy, call, noProof, 1, type(uint48).max - 1, signature);
        _execSigned(policy, call, 1, signature);
    }

    function test_an_intent_of_one_kind_is_no_intent_of_another() public {
        Policy memory policy = _armed();
        Call[] memory calls = new Call[](1);
        calls[0] = Call(RECIPIENT, 5, "");
        bytes memory signature = _intent(policy, calls[0], 1);
        vm.expectRevert(bad);
        module.execBatchSigned(policy, calls, new bytes32[][](1), 1, type(uint48).max, signature);
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, 1);
        signature = _intent(policy, Call(address(adapter), 0, args), 1);
        vm.expectRevert(bad);
        module.execAdapterSigned(policy, address(adapter), args, noProof, 1, type(uint48).max, signature);
    }

    function test_malleated_and_malformed_signatures_are_refused() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _execDigest(_id(policy), call, 1, type(uint48).max));
        bytes32 other = bytes32(ORDER - uint256(s));
        bytes[7] memory forged = [
            abi.encodePacked(r, other, v ^ 7),
            abi.encodePacked(r, other, v),
            abi.encodePacked(r, s, v ^ 7),
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(s))),
            bytes("")
        ];
        for (uint256 i; i < forged.length; ++i) _signedRefused(policy, call, 1, forged[i], bad);
    }

    /// @dev ecrecover answers 0 for nonsense: a policy of key 0 can therefore never be armed.
    function test_key_0_can_neither_be_armed_nor_signed_for() public {
        Policy memory policy = _policy();
        policy.key = address(0);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.BadPolicy.selector, 0));
        _arm(policy);
        _signedRefused(policy, _transfer(RECIPIENT, 1), 1, new bytes(65), bad);
    }

    function test_signatures_of_owners_who_left_arm_nothing() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        bytes memory signature = _multisigSignature(_armDigest(policy, 1, START));
        _replaceSecondOwner();
        vm.expectRevert(bad);
        module.armWithSig(policy, 1, START, signature);
    }

    function test_a_session_outlives_its_signers_and_the_new_owner_ends_it() public {
        Policy memory policy = _policy();
        policy.safe = address(multisig);
        module.armWithSig(policy, 1, START, _multisigSignature(_armDigest(policy, 1, START)));
        address next = _replaceSecondOwner();
        _pay(policy, 1);
        address gone = vm.addr(OWNER_2);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotAuthorized.selector, gone));
        vm.prank(gone);
        module.disarm(address(multisig), _id(policy));
        bytes32 digest = _digest(keccak256(abi.encode(DISARM_TYPE, multisig, _id(policy), START)));
        vm.expectRevert(bad);
        module.disarmWithSig(address(multisig), _id(policy), START, _sign(OWNER_2, digest));
        vm.prank(next);
        module.disarm(address(multisig), _id(policy));
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.Revoked.selector, _id(policy)));
    }

    function test_a_disarm_signature_ends_only_the_session_it_names() public {
        Policy memory policy = _armed();
        bytes32 digest = _digest(keccak256(abi.encode(DISARM_TYPE, safe, bytes32(uint256(1)), START)));
        bytes memory signature = _sign(OWNER, digest);
        vm.expectRevert(bad);
        module.disarmWithSig(address(safe), _id(policy), START, signature);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.DeadlinePassed.selector, START));
        module.disarmWithSig(address(safe), bytes32(uint256(1)), START, signature);
    }

    function _signedRefused(Policy memory policy, Call memory call, uint256 nonce, bytes memory sig, bytes memory reason)
        private
    {
        vm.expectRevert(reason);
        _execSigned(policy, call, nonce, sig);
    }

    function _secondModule() private returns (SessionModule second) {
        second = SessionModule(_production("SessionModule", _moduleArguments()));
        vm.prank(address(safe));
        safe.enableModule(address(second));
    }

    function _replaceSecondOwner() private returns (address next) {
        next = vm.addr(0xB0B4);
        vm.prank(address(multisig));
        multisig.swapOwner(owner, vm.addr(OWNER_2), next);
    }
}
