// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MetavaultRegistry, Position} from "../src/registry/MetavaultRegistry.sol";
import {GenuineSafe} from "./support/GenuineSafe.sol";
import {vm} from "./support/Vm.sol";

/// @notice Test double: holds as many shares as the gas it was given to say so.
contract GasMeter {
    function balanceOf(address) external view returns (uint256) {
        return gasleft();
    }
}

/// @notice The list of vaults: only a Safe changes its own, and it stays short enough to be closed.
contract MetavaultsTest is GenuineSafe {
    MetavaultRegistry private metavaults;
    address private constant SAFE = address(0x5AFE);
    address private constant OTHER = address(0x5AFF);

    function setUp() public {
        _wakeMutant();
        metavaults = MetavaultRegistry(_production("MetavaultRegistry", ""));
    }

    function test_thirty_two_vaults_are_the_most() public {
        for (uint256 i = 1; i <= 32; ++i) _register(SAFE, address(uint160(i)));
        vm.expectRevert(abi.encodeWithSelector(MetavaultRegistry.TooManyVaults.selector, SAFE));
        _register(SAFE, address(33));
        _register(SAFE, address(7));
        _register(OTHER, address(33));
        require(metavaults.MAX_VAULTS() == 32 && metavaults.vaultCount(SAFE) == 32, "another number");
    }

    function test_a_vault_is_listed_once_however_often_it_is_registered() public {
        vm.expectEmit();
        emit MetavaultRegistry.Registered(SAFE, address(1));
        _register(SAFE, address(1));
        _register(SAFE, address(1));
        require(metavaults.vaultCount(SAFE) == 1, "listed twice");
    }

    function test_a_safe_is_known_once_however_many_vaults_it_lists() public {
        _register(SAFE, address(1));
        _register(SAFE, address(2));
        _register(OTHER, address(1));
        _unregister(SAFE, address(1));
        _register(SAFE, address(1));
        require(metavaults.safeCount() == 2, "a Safe was counted again");
        require(metavaults.safeAt(0) == SAFE && metavaults.safeAt(1) == OTHER, "another Safe");
    }

    function test_of_three_vaults_any_can_be_removed_and_the_others_stay() public {
        for (uint160 removed = 1; removed <= 3; ++removed) {
            for (uint160 vault = 1; vault <= 3; ++vault) _register(SAFE, address(vault));
            vm.expectEmit();
            emit MetavaultRegistry.Unregistered(SAFE, address(removed));
            _unregister(SAFE, address(removed));
            require(metavaults.vaultCount(SAFE) == 2, "not one less");
            for (uint160 vault = 1; vault <= 3; ++vault) {
                require(metavaults.isRegistered(SAFE, address(vault)) == (vault != removed), "another was removed");
                require(_isListed(address(vault)) == (vault != removed), "the list says something else");
            }
            for (uint160 vault = 1; vault <= 3; ++vault) if (vault != removed) _unregister(SAFE, address(vault));
            require(metavaults.vaultCount(SAFE) == 0, "the places in the list were lost");
        }
    }

    function test_a_vault_that_is_not_listed_cannot_be_removed() public {
        _register(OTHER, address(1));
        vm.expectRevert(abi.encodeWithSelector(MetavaultRegistry.NotRegistered.selector, SAFE, address(1)));
        _unregister(SAFE, address(1));
        _unregister(OTHER, address(1));
        vm.expectRevert(abi.encodeWithSelector(MetavaultRegistry.NotRegistered.selector, OTHER, address(1)));
        _unregister(OTHER, address(1));
        _register(OTHER, address(1));
        require(metavaults.vaultCount(OTHER) == 1, "it cannot come back");
    }

    function test_a_vault_gets_200_000_gas_to_say_what_it_holds() public {
        GasMeter meter = new GasMeter();
        _register(SAFE, address(meter));
        Position[] memory positions = metavaults.positionsOf(SAFE);
        (bool ok, bytes memory answer) =
            address(meter).staticcall{gas: 200_000}(abi.encodeCall(IERC20.balanceOf, (SAFE)));
        require(positions[0].vault == address(meter), "another vault");
        require(ok && abi.decode(answer, (uint256)) == positions[0].shares, "another amount of gas");
    }

    function test_what_is_no_vault_holds_nothing() public {
        _register(SAFE, address(0xE0A));
        require(metavaults.positionsOf(SAFE)[0].shares == 0, "an address without code holds something");
    }

    function _register(address safe, address vault) private {
        vm.prank(safe);
        metavaults.register(vault);
    }

    function _unregister(address safe, address vault) private {
        vm.prank(safe);
        metavaults.unregister(vault);
    }

    function _isListed(address vault) private view returns (bool) {
        for (uint256 i; i < metavaults.vaultCount(SAFE); ++i) {
            if (metavaults.vaultAt(SAFE, i) == vault) return true;
        }
        return false;
    }
}
