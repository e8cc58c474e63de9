// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {GenesisRule, NO_ARGUMENT, RuleKind} from "../../src/types/Rule.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";
import {BombRecipient, HeavyVault} from "../tokens/HeavyVault.sol";

/// @notice Griefing by whoever submits (too little gas) and by whoever is called (answers too long).
contract GriefingAttacks is AttackTest {
    /// @dev EIP-150 keeps 1/64 of the gas from the callee: a submitter may try to make the inner call fail and the intent count.
    function test_no_amount_of_gas_uses_up_an_intent_without_its_effect() public {
        Policy memory policy = _armed();
        Call memory call = _transfer(RECIPIENT, 7);
        bytes memory signature = _intent(policy, call, 1);
        bool everSucceeded;
        for (uint256 gasGiven = 30_000; gasGiven < 220_000; gasGiven += 997) {
            bytes memory data =
                abi.encodeCall(module.execSigned, (policy, call, noProof, 1, type(uint48).max, signature));
            (bool ok,) = address(module).call{gas: gasGiven}(data);
            bool paid = token.balanceOf(RECIPIENT) == 7;
            _assert(ok == paid, "the intent and its effect came apart");
            _assert(module.nonceUsed(address(safe), _id(policy), 1) == paid, "a nonce was burnt for nothing");
            everSucceeded = everSucceeded || ok;
            if (ok) break;
        }
        _assert(everSucceeded, "no amount of gas was enough");
    }

    function test_no_amount_of_gas_deposits_half() public {
        Policy memory policy = _armed();
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, 50);
        for (uint256 gasGiven = 60_000; gasGiven < 500_000; gasGiven += 4_999) {
            vm.prank(keyAddress);
            (bool ok,) = address(module).call{gas: gasGiven}(
                abi.encodeCall(module.execAdapter, (policy, address(adapter), args, noProof))
            );
            _assert(ok == (vault.balanceOf(address(safe)) == 50), "the use and its effect came apart");
            _assertEq(token.allowance(address(safe), address(vault)), 0, "an allowance was left");
            if (ok) return;
        }
        _assert(false, "no amount of gas was enough");
    }

    function test_a_return_bomb_costs_its_own_call_only() public {
        for (uint256 i; i < 2; ++i) {
            BombRecipient bomb = new BombRecipient(200_000, i == 0);
            _queue(GenesisRule(address(bomb), bytes4(0), 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 0));
            _matureListings();
            Policy memory policy = _followingWith(address(1));
            _arm(policy);
            uint256 before = gasleft();
            vm.prank(keyAddress);
            (bool ok, bytes memory answer) = address(module).call{gas: 3_000_000}(
                abi.encodeCall(module.exec, (policy, Call(address(bomb), 1, ""), noProof))
            );
            _assert(before - gasleft() < 1_500_000, "a bomb burnt the submitter's gas");
            _assert(ok == (i == 1), "the answer was taken for something else");
            _assert(answer.length < 2_048, "the bomb was handed on");
            _pay(policy, 1);
        }
    }

    /// @dev The close of a costly position, submitted with every amount of gas: it closes, or the signature stays good.
    function test_a_stingy_submitter_cannot_burn_a_close_signature() public {
        HeavyVault heavy = _heavyPosition();
        heavy.setRounds(5_000);
        bytes memory signature = _sign(OWNER, _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, type(uint48).max))));
        bytes memory data =
            abi.encodeCall(module.emergencyCloseAllWithSig, (address(safe), type(uint48).max, signature));
        for (uint256 gasGiven = 500_000; gasGiven < 12_000_000; gasGiven += 250_021) {
            (bool ok,) = address(module).call{gas: gasGiven}(data);
            if (!ok) continue;
            _assertEq(heavy.balanceOf(address(safe)), 0, "the signature was used up and the position is open");
            return;
        }
        _assert(false, "no amount of gas was enough");
    }

    function test_a_vault_that_bombs_or_burns_does_not_stop_the_others_from_closing() public {
        HeavyVault heavy = _heavyPosition();
        _adapt(_refollow(), "deposit(address,uint256)", 100e6);
        heavy.setBomb(100_000);
        vm.prank(owner);
        module.emergencyCloseAll{gas: 15_000_000}(address(safe));
        _assertEq(vault.balanceOf(address(safe)), 0, "the healthy position stayed open");
        _assert(heavy.balanceOf(address(safe)) != 0, "the bomb closed");
    }

    /// @dev No market here, and nothing open: the gas is asked for before anything is looked at.
    function test_a_close_with_nothing_to_close_asks_for_the_gas_of_a_step_too() public {
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotEnoughGas.selector, 5_161_290));
        vm.prank(owner);
        module.emergencyCloseAll{gas: 5_000_000}(address(safe));
    }

    /// @dev A position in a vault that is listed before the ordinary one.
    function _heavyPosition() private returns (HeavyVault heavy) {
        heavy = new HeavyVault(token);
        vm.prank(address(safe));
        token.approve(address(heavy), 100e6);
        vm.prank(address(safe));
        heavy.deposit(100e6, address(safe));
        vm.prank(address(safe));
        metavaults.register(address(heavy));
    }

    function _refollow() private returns (Policy memory policy) {
        policy = _followingWith(address(1));
        _arm(policy);
    }
}
