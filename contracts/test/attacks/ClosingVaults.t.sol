// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";
import {OddVault} from "../tokens/OddVaults.sol";

/// @notice Emergency close where there is no market, so that nothing asks for gas after the last vault but what the vault itself needs.
contract VaultClosingAttacks is AttackTest {
    /// @dev Whatever gas is given: an allowance is gone, or the whole close is not. The first vault burns its step; what a submitter left
    ///      beside it is just enough to ask that vault's getters, and not the second's, whose only trace is an allowance.
    function test_no_amount_of_gas_leaves_an_allowance_behind() public {
        _listBurner(100);
        OddVault empty = _listBurner(0);
        vm.prank(address(safe));
        token.approve(address(empty), 5);
        _closeWithEverMoreGas(5_150_000, 5_900_000, 5_003);
        _assertEq(token.allowance(address(safe), address(empty)), 0, "the close counted and the allowance is there");
    }

    function _listBurner(uint256 shares) private returns (OddVault burner) {
        burner = new OddVault(address(token), shares);
        burner.setBurns();
        vm.prank(address(safe));
        metavaults.register(address(burner));
    }
}
