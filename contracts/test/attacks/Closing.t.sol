// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ISafe} from "../../src/interfaces/ISafe.sol";
import {IPositionCloser} from "../../src/interfaces/IPositionCloser.sol";
import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {SessionEvents} from "../../src/module/SessionEvents.sol";
import {Call} from "../../src/types/Call.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";
import {CloserDouble, HeavyToken, OddVault, SafeDouble} from "../tokens/OddVaults.sol";

/// @notice Emergency close among vaults that lie, burn, answer too long, or allow only a part.
contract ClosingAttacks is AttackTest {
    uint256 private constant STEP_GAS = 5_000_000;
    uint256 private constant STEP_GAS_ASKED = 5_161_290;
    CloserDouble private market;

    function _closer() internal override returns (IPositionCloser) {
        market = new CloserDouble();
        return market;
    }

    function test_where_a_vault_allows_a_part_that_part_is_closed() public {
        OddVault odd = _list(new OddVault(address(token), 100));
        odd.set(40, 40);
        vm.expectEmit();
        emit SessionEvents.PositionClosed(address(safe), address(odd), 40, 40);
        _closes(1, 0);
        _assertEq(odd.redeemed(), 40, "not the part that was allowed");
    }

    function test_a_vault_is_asked_twice_only_for_less() public {
        OddVault odd = _list(new OddVault(address(token), 100));
        odd.set(1, type(uint256).max);
        _asked(odd, 1, 0);
        _closes(1, 0);
        odd.set(100, 0);
        // Once here and once below.
        _asked(odd, 100, 2);
        _closes(0, 1);
        odd.set(0, 0);
        _asked(odd, 0, 0);
        _closes(0, 1);
    }

    function test_a_getter_that_reverts_with_a_word_has_answered_nothing() public {
        OddVault odd = _list(new OddVault(address(token), 100));
        odd.set(0, 1);
        odd.setRefusesInWords();
        _asked(odd, 1, 0);
        vm.expectEmit();
        emit SessionEvents.PositionCloseFailed(
            address(safe), address(odd), abi.encodeWithSignature("Error(string)", "too many at once")
        );
        _closes(0, 1);
    }

    function test_a_vault_that_answers_nothing_has_not_closed() public {
        _list(new OddVault(address(token), 100)).setMute();
        _closes(0, 1);
    }

    /// @dev Two that burn all they get must leave room in 2^24 gas, the most a transaction may have since EIP-7825.
    function test_two_burning_vaults_do_not_use_up_a_transaction() public {
        for (uint256 i; i < 2; ++i) {
            OddVault burner = _list(new OddVault(address(token), 100));
            burner.set(50, 0);
            burner.setBurns();
        }
        OddVault healthy = _list(new OddVault(address(token), 100));
        vm.prank(owner);
        module.emergencyCloseAll{gas: 2 ** 24 - 21_000}(address(safe));
        _assertEq(healthy.redeemed(), 100, "the healthy position stayed open");
    }

    /// @dev Memory costs by its square: long answers that were copied would add up.
    function test_many_long_answers_do_not_add_up() public {
        for (uint256 i; i < 31; ++i) _list(new OddVault(address(token), 0)).setBomb(200_000);
        OddVault healthy = _list(new OddVault(address(token), 100));
        vm.prank(owner);
        module.emergencyCloseAll{gas: 2 ** 24 - 21_000}(address(safe));
        _assertEq(healthy.redeemed(), 100, "the healthy position stayed open");
    }

    function test_a_getter_gets_200_000_gas() public {
        OddVault odd = _list(new OddVault(address(token), 1e18));
        odd.set(type(uint256).max, 1e9);
        (bool ok, bytes memory answer) =
            address(odd).staticcall{gas: 200_000}(abi.encodeCall(IERC4626.maxRedeem, (address(safe))));
        _closes(1, 0);
        _assert(ok && abi.decode(answer, (uint256)) == odd.redeemed(), "another amount of gas");
    }

    function test_a_step_gets_5_000_000_gas_and_says_what_it_asks_for() public {
        SafeDouble double = _double(abi.encode(true, abi.encode(1)), false);
        OddVault odd = new OddVault(address(token), 7);
        vm.prank(address(double));
        metavaults.register(address(odd));
        _closeDouble(double);
        uint256 seen = double.seenGas();
        bytes memory redeem = abi.encodeCall(IERC4626.redeem, (7, address(double), address(double)));
        (bool ok,) = address(double).call{gas: STEP_GAS}(
            abi.encodeCall(ISafe.execTransactionFromModuleReturnData, (address(odd), 0, redeem, 0))
        );
        _assert(ok && double.seenGas() == seen, "another amount of gas");
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.NotEnoughGas.selector, STEP_GAS_ASKED));
        vm.prank(owner);
        module.emergencyCloseAll{gas: 4_000_000}(address(safe));
    }

    function test_what_a_safe_answers_is_read_to_the_byte() public {
        bytes memory long = new bytes(2_000);
        long[1_023] = 0x01;
        bytes memory cut = new bytes(1_024);
        cut[1_023] = 0x01;
        _answers(abi.encode(true, abi.encode(9)), false, true, "");
        _answers(abi.encode(false, bytes("no")), false, false, "no");
        _answers(abi.encode(uint256(2), 64, 32, 9), false, false, abi.encode(9));
        _answers(abi.encodePacked("refused"), true, false, "refused");
        _answers(abi.encode(uint256(1), 64), false, false, abi.encode(uint256(1), 64));
        _answers("", false, false, "");
        _answers(abi.encodePacked(abi.encode(uint256(0), 64, 99), "five!"), false, false, "five!");
        _answers(abi.encode(false, long), false, false, cut);
        _answers(long, true, false, cut);
    }

    function test_no_amount_of_gas_leaves_a_readable_market_unread() public {
        HeavyToken heavy = new HeavyToken();
        _list(new OddVault(address(heavy), 0));
        address listed = metavaults.vaultAt(address(safe), 0);
        vm.prank(address(safe));
        heavy.approve(listed, 5);
        heavy.setCost(4_500_000);
        market.setCost(3_000_000);
        market.add(address(1), Call(address(token), 0, abi.encodeCall(IERC20.transfer, (RECIPIENT, 3))));
        _closeWithEverMoreGas(5_200_000, 9_000_000, 400_003);
        _assertEq(token.balanceOf(RECIPIENT), 3, "the close counted and the market was not read");
    }

    function test_no_amount_of_gas_leaves_the_second_position_open() public {
        HeavyToken heavy = new HeavyToken();
        heavy.setCost(4_000_000);
        market.add(address(1), Call(address(heavy), 0, abi.encodeCall(IERC20.approve, (RECIPIENT, 1))));
        market.add(address(2), Call(address(heavy), 0, abi.encodeCall(IERC20.approve, (RECIPIENT, 2))));
        _closeWithEverMoreGas(5_200_000, 9_000_000, 400_003);
        _assertEq(heavy.allowance(address(safe), RECIPIENT), 2, "the close counted and the second position is open");
    }

    function _list(OddVault odd) private returns (OddVault) {
        vm.prank(address(safe));
        metavaults.register(address(odd));
        return odd;
    }

    function _asked(OddVault odd, uint256 amount, uint64 times) private {
        vm.expectCall(address(odd), abi.encodeCall(IERC4626.redeem, (amount, address(safe), address(safe))), times);
    }

    function _closes(uint256 closed, uint256 failed) private {
        vm.expectEmit();
        emit SessionEvents.EmergencyClosed(address(safe), owner, closed, failed);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
    }

    function _double(bytes memory answer, bool refuses) private returns (SafeDouble double) {
        double = new SafeDouble();
        double.tell(answer, refuses);
    }

    function _closeDouble(SafeDouble double) private {
        vm.prank(address(double));
        module.emergencyCloseAll(address(double));
    }

    /// @dev What the module makes of an answer shows in the event.
    function _answers(bytes memory answer, bool refuses, bool closes, bytes memory reason) private {
        SafeDouble double = _double(answer, refuses);
        OddVault odd = new OddVault(address(token), 7);
        vm.prank(address(double));
        metavaults.register(address(odd));
        vm.expectEmit();
        if (closes) emit SessionEvents.PositionClosed(address(double), address(odd), 7, 9);
        else emit SessionEvents.PositionCloseFailed(address(double), address(odd), reason);
        _closeDouble(double);
    }
}
