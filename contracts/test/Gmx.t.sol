// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GmxAdapter} from "../src/adapters/GmxAdapter.sol";
import {GmxBounds} from "../src/gmx/GmxBounds.sol";
import {IGmxOperations} from "../src/gmx/GmxOperations.sol";
import "../src/interfaces/IGmx.sol";
import {PriceFeeds} from "../src/prices/PriceFeeds.sol";
import {RegistryErrors} from "../src/registry/RegistryErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {GmxTest} from "./support/GmxTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Orders on a GMX double through the adapter: what is built, what is refused, what an emergency closes.
contract GmxOrdersTest is GmxTest {
    function test_an_order_opens_and_closes_a_position_of_the_safe() public {
        Policy memory policy = _trader();
        uint256 before = token.balanceOf(address(safe));
        _openLong(policy, 200e6, 1_000);
        _assertEq(_positionSize(), 1_000e30, "the Safe has no position");
        _assertEq(token.balanceOf(address(safe)), before - 200e6, "the collateral was not taken");
        _assertEq(token.allowance(address(safe), address(gmx.router())), 0, "an allowance outlived the operation");
        _trade(policy, abi.encodeCall(IGmxOperations.close, (MARKET, address(token), true, ETH_PRICE * 99 / 100, FEE)));
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        _assertEq(_positionSize(), 0, "the position is open");
        _assertEq(token.balanceOf(address(safe)), before, "the collateral did not come back");
    }

    function test_every_field_the_key_does_not_choose_is_pinned() public {
        _trade(_trader(), _openArgs(200e6, 1_000));
        GmxOrderParams memory order = gmx.orderOf(_lastOrder());
        _assert(order.addresses.receiver == address(safe), "receiver");
        _assert(order.addresses.cancellationReceiver == address(safe), "cancellation receiver");
        _assert(order.addresses.callbackContract == address(0) && order.numbers.callbackGasLimit == 0, "callback");
        _assert(order.addresses.uiFeeReceiver == UI_FEE_RECEIVER && order.referralCode == "interlock", "constants");
        _assert(order.addresses.swapPath.length == 0 && order.dataList.length == 0, "swap path");
    }

    function test_the_collateral_and_the_fee_count_against_the_budgets() public {
        Policy memory policy = _trader();
        _trade(policy, _openArgs(200e6, 1_000));
        (uint256 left,,) = module.remaining(policy, address(token));
        (uint256 native,,) = module.remaining(policy, address(0));
        _assertEq(left, 800e6, "collateral");
        _assertEq(native, 2 ether - FEE, "fee");
    }

    function test_no_raw_call_of_the_router_is_reachable() public {
        Policy memory policy = _trader();
        bytes memory data = abi.encodeCall(gmx.multicall, (new bytes[](0)));
        _execRefused(
            policy,
            Call(address(gmx), 0, data),
            abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, gmx, gmx.multicall.selector)
        );
        vm.expectRevert(abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, gmxAdapter, gmx.multicall.selector));
        _trade(policy, data);
    }

    function test_price_leverage_size_fee_market_and_collateral_are_bounded() public {
        Policy memory policy = _trader();
        uint256 worst = ETH_PRICE * 101 / 100;
        _refused(policy, _open(MARKET, address(token), 200e6, 1_000e30, worst + 1, FEE), abi.encodeWithSelector(GmxBounds.PriceOutOfBounds.selector, worst + 1, worst));
        _refused(policy, _openArgs(100e6, 1_001), abi.encodeWithSelector(GmxBounds.LeverageTooHigh.selector, 1_001e30, 100e30, 10));
        _refused(policy, _openArgs(300e6, 10_001), abi.encodeWithSelector(GmxBounds.SizeTooLarge.selector, 10_001e30, 10_000e30));
        _refused(policy, _open(MARKET, address(token), 200e6, 1_000e30, worst, 0.011 ether), abi.encodeWithSelector(GmxBounds.FeeTooHigh.selector, 0.011 ether, 0.01 ether));
        _refused(policy, _open(MARKET, address(vault), 200e6, 1_000e30, worst, FEE), abi.encodeWithSelector(GmxBounds.UnknownCollateral.selector, vault));
        _refused(policy, _open(address(1), address(token), 200e6, 1_000e30, worst, FEE), abi.encodeWithSelector(RegistryErrors.RecipientNotAllowed.selector, address(1)));
        _trade(policy, _open(MARKET, address(token), 200e6, 1_000e30, worst, FEE));
    }

    function test_a_stale_feed_refuses_an_order_at_its_second_and_not_before() public {
        Policy memory policy = _trader();
        vm.warp(START + 1 hours + 1);
        _refused(policy, _openArgs(200e6, 1_000), abi.encodeWithSelector(PriceFeeds.StalePrice.selector, gmx.wnt(), START));
        vm.warp(START + 1 hours);
        _trade(policy, _openArgs(200e6, 1_000));
    }

    function test_a_second_increase_waits_until_the_first_is_filled() public {
        Policy memory policy = _trader();
        _trade(policy, _openArgs(200e6, 1_000));
        _refused(policy, _openArgs(200e6, 1_000), abi.encodeWithSelector(GmxAdapter.OrderPending.selector, _lastOrder()));
    }

    function test_a_decrease_may_not_raise_leverage_beyond_the_cap() public {
        Policy memory policy = _trader();
        _openLong(policy, 200e6, 1_000);
        bytes memory args =
            abi.encodeCall(IGmxOperations.decrease, (MARKET, address(token), true, 101e6, 0, ETH_PRICE, FEE));
        _refused(policy, args, abi.encodeWithSelector(GmxBounds.LeverageTooHigh.selector, 1_000e30, 99e30, 10));
        _trade(policy, abi.encodeCall(IGmxOperations.decrease, (MARKET, address(token), true, 50e6, 500e30, ETH_PRICE, FEE)));
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        _assertEq(_positionSize(), 500e30, "half is left");
    }

    function test_triggers_stand_on_their_own_side_of_the_price_and_can_be_moved_and_cancelled() public {
        Policy memory policy = _trader();
        _openLong(policy, 200e6, 1_000);
        uint256 low = ETH_PRICE * 9 / 10;
        _refused(policy, _stop(ETH_PRICE + 1, ETH_PRICE), abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, ETH_PRICE + 1, ETH_PRICE));
        _trade(policy, _stop(low, low * 99 / 100));
        bytes32 key = _lastOrder();
        _assert(gmx.orderOf(key).autoCancel, "a stop outlives its position");
        _trade(policy, abi.encodeCall(IGmxOperations.updateTrigger, (MARKET, key, low - 1, low - 1)));
        _assertEq(gmx.orderOf(key).numbers.triggerPrice, low - 1, "the trigger did not move");
        _assertEq(gmx.orderOf(key).numbers.sizeDeltaUsd, 500e30, "the size moved");
        _trade(policy, abi.encodeCall(IGmxOperations.cancel, (MARKET, key)));
        _refused(policy, abi.encodeCall(IGmxOperations.cancel, (MARKET, key)), abi.encodeWithSelector(GmxAdapter.NotYourOrder.selector, key));
        uint256 high = ETH_PRICE * 11 / 10;
        bytes memory early = abi.encodeCall(IGmxOperations.takeProfit, (MARKET, address(token), true, 500e30, low, low, FEE));
        _refused(policy, early, abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, low, ETH_PRICE));
        _trade(policy, abi.encodeCall(IGmxOperations.takeProfit, (MARKET, address(token), true, 500e30, high, high, FEE)));
    }

    function test_one_owner_closes_orders_and_positions_with_its_own_fee() public {
        Policy memory policy = _trader();
        _openLong(policy, 200e6, 1_000);
        uint256 low = ETH_PRICE * 9 / 10;
        _trade(policy, _stop(low, low));
        vm.prank(address(safe));
        token.approve(address(gmx.router()), 7);
        vm.warp(START + 10 days);
        vm.deal(owner, 1 ether);
        uint256 safeEther = address(safe).balance;
        vm.prank(owner);
        module.emergencyCloseAll{value: 0.5 ether}(address(safe));
        _assertEq(owner.balance, 1 ether - 0.01 ether, "only the capped fee is the owner's to pay");
        _assertEq(address(safe).balance, safeEther, "the Safe paid for the close");
        _assertEq(token.allowance(address(safe), address(gmx.router())), 0, "an allowance stayed");
        GmxOrderParams memory order = gmx.orderOf(_lastOrder());
        _assertEq(order.numbers.sizeDeltaUsd, 1_000e30, "not the whole position");
        _assertEq(order.numbers.acceptablePrice, ETH_PRICE * 95 / 100, "the price is not bounded");
        _assert(order.addresses.receiver == address(safe), "proceeds do not go to the Safe");
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        _assertEq(_positionSize(), 0, "the position is open");
    }

    function test_a_broken_feed_or_market_does_not_keep_the_vaults_from_being_closed() public {
        Policy memory policy = _trader();
        _openLong(policy, 200e6, 1_000);
        vm.prank(address(safe));
        token.approve(address(vault), 50e6);
        vm.prank(address(safe));
        vault.deposit(50e6, address(safe));
        vm.prank(address(safe));
        metavaults.register(address(vault));
        ethFeed.set(-1);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _assertEq(vault.balanceOf(address(safe)), 0, "a broken feed kept the vault's position open");
        vm.prank(address(safe));
        token.approve(address(vault), 50e6);
        vm.prank(address(safe));
        vault.deposit(50e6, address(safe));
        vm.mockCallRevert(address(gmx.dataStore()), "", "gone");
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _assertEq(vault.balanceOf(address(safe)), 0, "a market that is gone kept the vault's position open");
    }

    function _stop(uint256 trigger, uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.stopLoss, (MARKET, address(token), true, 500e30, trigger, price, FEE));
    }

    function _open(address market, address collateral, uint256 amount, uint256 size, uint256 price, uint256 fee)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IGmxOperations.open, (market, collateral, true, amount, size, price, fee));
    }

    /// @dev validateAdapter must say the same as exec.
    function _refused(Policy memory policy, bytes memory args, bytes memory reason) private {
        (bool ok, bytes4 selector, bytes memory detail) =
            module.validateAdapter(policy, address(gmxAdapter), args, new bytes32[](0));
        _assert(!ok && keccak256(abi.encodePacked(selector, detail)) == keccak256(reason), "validate says otherwise");
        vm.expectRevert(reason);
        _trade(policy, args);
    }
}
