// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GmxAdapter} from "../src/adapters/GmxAdapter.sol";
import {GmxBounds} from "../src/gmx/GmxBounds.sol";
import {IGmxOperations} from "../src/gmx/GmxOperations.sol";
import "../src/interfaces/IGmx.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {GmxDataStoreDouble} from "./doubles/GmxParts.sol";
import {GmxTest} from "./support/GmxTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice What the GMX adapter builds and refuses, asked directly: every bound at its last unit, every field.
contract GmxCornerTest is GmxTest {
    uint256 private constant WORST_SELL = ETH_PRICE * 99 / 100;
    uint256 private constant WORST_BUY = ETH_PRICE * 101 / 100;

    function test_arguments_of_another_length_are_refused() public {
        bytes[5] memory operations = [
            _open(1_000e6, 1e30, ETH_PRICE, FEE),
            _close(WORST_SELL),
            abi.encodeCall(IGmxOperations.updateTrigger, (MARKET, bytes32(0), 1, 1)),
            abi.encodeCall(IGmxOperations.cancel, (MARKET, bytes32(0))),
            _stop(1, 1)
        ];
        for (uint256 i; i < operations.length; ++i) {
            _refused(abi.encodePacked(operations[i], uint8(0)), abi.encodeWithSelector(GmxAdapter.BadArguments.selector));
        }
        _refused(hex"01020304", abi.encodeWithSelector(GmxAdapter.UnknownOperation.selector, bytes4(0x01020304)));
    }

    function test_size_leverage_and_fee_are_allowed_to_the_last_unit() public {
        _build(_open(1_000e6, 10_000e30, ETH_PRICE, 0.01 ether));
        _refused(_open(1_000e6, 10_000e30 + 1, ETH_PRICE, FEE), abi.encodeWithSelector(GmxBounds.SizeTooLarge.selector, 10_000e30 + 1, 10_000e30));
        _refused(_open(1_000e6, 1e30, ETH_PRICE, 0.01 ether + 1), abi.encodeWithSelector(GmxBounds.FeeTooHigh.selector, 0.01 ether + 1, 0.01 ether));
        _refused(_open(100e6, 1_000e30 + 1, ETH_PRICE, FEE), abi.encodeWithSelector(GmxBounds.LeverageTooHigh.selector, 1_000e30 + 1, 100e30, 10));
    }

    function test_a_position_is_judged_with_what_an_order_adds() public {
        _hold(100e6, 1_000);
        _build(_open(0, 0, ETH_PRICE, FEE));
        _refused(_open(0, 1, ETH_PRICE, FEE), abi.encodeWithSelector(GmxBounds.LeverageTooHigh.selector, 1_000e30 + 1, 100e30, 10));
        _build(_open(100e6, 1_000e30, ETH_PRICE, FEE));
    }

    function test_an_increase_without_collateral_approves_and_sends_nothing() public {
        _hold(200e6, 1_000);
        (Call[] memory calls, address spent, uint256 amount) = gmxAdapter.build(address(safe), 100, _open(0, 1e30, ETH_PRICE, FEE));
        _assertEq(calls.length, 1, "an approval of nothing");
        _assert(spent == address(token) && amount == 0, "something is spent");
        Policy memory policy = _trader();
        _trade(policy, _open(0, 1e30, ETH_PRICE, FEE));
        _assertEq(gmx.orderOf(_lastOrder()).numbers.initialCollateralDeltaAmount, 0, "collateral was sent");
        _assert(!gmx.orderOf(_lastOrder()).autoCancel, "a market order is no trigger");
    }

    function test_an_order_without_a_position_is_refused() public {
        bytes memory none = abi.encodeWithSelector(GmxAdapter.NoPosition.selector, MARKET, token, true);
        _refused(_decrease(1, 1e30, ETH_PRICE), none);
        _refused(_close(ETH_PRICE), none);
        _refused(_stop(ETH_PRICE, ETH_PRICE), none);
    }

    function test_no_more_than_a_position_holds_can_be_taken() public {
        _hold(200e6, 1_000);
        bytes memory bad = abi.encodeWithSelector(GmxAdapter.BadArguments.selector);
        _refused(_decrease(0, 1_000e30 + 1, ETH_PRICE), bad);
        _refused(_decrease(200e6 + 1, 1e30, ETH_PRICE), bad);
        _build(_decrease(200e6, 1_000e30, ETH_PRICE));
        _build(_decrease(150e6, 1_000e30, ETH_PRICE));
        _build(_decrease(100e6, 0, ETH_PRICE));
    }

    /// @dev Nothing is left to be judged by the collateral's price.
    function test_all_of_a_position_can_be_decreased_with_a_stale_collateral_feed() public {
        _hold(200e6, 1_000);
        vm.warp(START + 2 days);
        ethFeed.set(3_000e8);
        _build(_decrease(0, 1_000e30, ETH_PRICE));
        _build(_close(ETH_PRICE));
    }

    function test_prices_are_bounded_to_the_last_unit_on_both_sides() public {
        _hold(200e6, 1_000);
        _holdShort(200e6, 1_000);
        _bounded(WORST_BUY, WORST_BUY + 1, _open(1e6, 1e30, WORST_BUY, FEE), _open(1e6, 1e30, WORST_BUY + 1, FEE));
        _bounded(WORST_SELL, WORST_SELL - 1, _decrease(0, 1e30, WORST_SELL), _decrease(0, 1e30, WORST_SELL - 1));
        _bounded(WORST_SELL, WORST_SELL - 1, _close(WORST_SELL), _close(WORST_SELL - 1));
        _bounded(WORST_BUY, WORST_BUY + 1, _closeShort(WORST_BUY), _closeShort(WORST_BUY + 1));
        _build(_close(ETH_PRICE * 2));
        _build(_closeShort(1));
    }

    function test_a_price_is_rounded_against_the_filler() public {
        _hold(200e6, 1_000);
        ethFeed.set(3_000e8 + 1);
        uint256 price = (3_000e8 + 1) * 1e4;
        uint256 bound = (price * 9_999 + 9_999) / 10_000;
        gmxAdapter.build(address(safe), 1, _close(bound));
        vm.expectRevert(abi.encodeWithSelector(GmxBounds.PriceOutOfBounds.selector, bound - 1, bound));
        gmxAdapter.build(address(safe), 1, _close(bound - 1));
    }

    function test_a_slippage_of_everything_bounds_nothing_and_is_refused() public {
        _hold(200e6, 1_000);
        for (uint16 bps = 10_000; bps < 10_002; ++bps) {
            vm.expectRevert(abi.encodeWithSelector(GmxBounds.SlippageUnbounded.selector));
            gmxAdapter.build(address(safe), bps, _close(1));
        }
        gmxAdapter.build(address(safe), 9_999, _close(ETH_PRICE));
    }

    function test_a_trigger_may_stand_at_the_price_and_its_fill_is_bounded_by_itself() public {
        _hold(200e6, 1_000);
        _holdShort(200e6, 1_000);
        uint256 low = ETH_PRICE * 9 / 10;
        uint256 high = ETH_PRICE * 11 / 10;
        _build(_stop(ETH_PRICE, ETH_PRICE));
        _build(_take(true, ETH_PRICE, ETH_PRICE));
        _bounded(low * 99 / 100, low * 99 / 100 - 1, _stop(low, low * 99 / 100), _stop(low, low * 99 / 100 - 1));
        _build(_stop(low, low * 2));
        _build(_stopShort(high, high));
        _refused(_stopShort(low, low), abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, low, ETH_PRICE));
        _build(_take(false, low, low));
        _refused(_take(false, high, high), abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, high, ETH_PRICE));
        _bounded(high * 101 / 100, high * 101 / 100 + 1, _stopShort(high, high * 101 / 100), _stopShort(high, high * 101 / 100 + 1));
    }

    function test_only_a_trigger_can_be_moved_and_its_other_fields_stay() public {
        Policy memory policy = _trader();
        _hold(200e6, 1_000);
        uint256 low = ETH_PRICE * 9 / 10;
        uint256 high = ETH_PRICE * 11 / 10;
        _trade(policy, _open(1e6, 1e30, ETH_PRICE, FEE));
        bytes32 key = _lastOrder();
        _refused(_move(key, low), abi.encodeWithSelector(GmxAdapter.NotATrigger.selector, key));
        gmx.executeOrder(key, ETH_PRICE);
        _trade(policy, _take(true, high, high));
        key = _lastOrder();
        _refused(_move(key, low), abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, low, ETH_PRICE));
        _write(key, "MIN_OUTPUT_AMOUNT", 77);
        (Call[] memory calls,,) = gmxAdapter.build(address(safe), 100, _move(key, high + 1));
        bytes memory expected =
            abi.encodeCall(IGmxExchangeRouter.updateOrder, (key, 1e30, high + 1, high + 1, 77, 0, true));
        _assert(keccak256(calls[0].data) == keccak256(expected), "another update");
        _assert(calls[0].to == address(gmx) && calls[0].value == 0, "to somewhere else");
    }

    function test_a_shorts_trigger_moves_by_the_shorts_rules() public {
        Policy memory policy = _trader();
        _holdShort(200e6, 1_000);
        uint256 high = ETH_PRICE * 11 / 10;
        _trade(policy, _stopShort(high, high));
        _build(_move(_lastOrder(), high + 5));
        _refused(_move(_lastOrder(), ETH_PRICE - 1), abi.encodeWithSelector(GmxBounds.TriggerOutOfBounds.selector, ETH_PRICE - 1, ETH_PRICE));
    }

    function test_an_order_of_another_account_or_market_is_not_the_safes() public {
        Policy memory policy = _trader();
        _hold(200e6, 1_000);
        _trade(policy, _stop(1, 1));
        bytes32 key = _lastOrder();
        bytes memory foreign = abi.encodeWithSelector(GmxAdapter.NotYourOrder.selector, key);
        vm.expectRevert(foreign);
        gmxAdapter.build(address(multisig), 100, abi.encodeCall(IGmxOperations.cancel, (MARKET, key)));
        _refused(abi.encodeCall(IGmxOperations.cancel, (address(1), key)), foreign);
        _refused(abi.encodeCall(IGmxOperations.updateTrigger, (address(1), key, 1, 1)), foreign);
    }

    function test_an_unlisted_market_or_collateral_is_refused_everywhere() public {
        bytes memory unknown = abi.encodeWithSelector(GmxBounds.UnknownMarket.selector, address(1));
        _refused(abi.encodeCall(IGmxOperations.open, (address(1), address(token), true, 1, 1, 1, FEE)), unknown);
        _refused(abi.encodeCall(IGmxOperations.close, (address(1), address(token), true, 1, FEE)), unknown);
        unknown = abi.encodeWithSelector(GmxBounds.UnknownCollateral.selector, vault);
        _refused(abi.encodeCall(IGmxOperations.close, (MARKET, address(vault), true, 1, FEE)), unknown);
    }

    function test_any_waiting_increase_of_the_market_blocks_the_next_and_nothing_else_does() public {
        _trade(_trader(), _open(200e6, 1_000e30, ETH_PRICE, FEE));
        bytes32 key = _lastOrder();
        bytes memory pending = abi.encodeWithSelector(GmxAdapter.OrderPending.selector, key);
        for (uint256 kind; kind < 10; ++kind) {
            _write(key, "ORDER_TYPE", kind);
            if (kind == 2 || kind == 3 || kind == 8) _refused(_open(1e6, 1e30, ETH_PRICE, FEE), pending);
            else _build(_open(1e6, 1e30, ETH_PRICE, FEE));
        }
        _write(key, "ORDER_TYPE", 2);
        GmxDataStoreDouble store = gmx.dataStore();
        vm.prank(address(gmx));
        store.setAddress(_field(key, "MARKET"), address(1));
        _build(_open(1e6, 1e30, ETH_PRICE, FEE));
    }

    function test_the_thirty_third_waiting_order_is_refused() public {
        Policy memory policy = _policy();
        (policy.protocolMask, policy.maxSlippageBps, policy.maxOps) = (1 << 3, 100, 0);
        _arm(policy);
        _hold(200e6, 1_000);
        for (uint256 i; i < 31; ++i) _trade(policy, _stop(1, 1));
        _build(_open(1e6, 1e30, ETH_PRICE, FEE));
        _trade(policy, _stop(1, 1));
        bytes memory full = abi.encodeWithSelector(GmxAdapter.TooManyOrders.selector);
        _refused(_stop(1, 1), full);
        _refused(_open(1e6, 1e30, ETH_PRICE, FEE), full);
        _refused(_take(true, ETH_PRICE, ETH_PRICE), full);
    }

    function _build(bytes memory args) private view {
        gmxAdapter.build(address(safe), 100, args);
    }

    function _refused(bytes memory args, bytes memory reason) private {
        vm.expectRevert(reason);
        gmxAdapter.build(address(safe), 100, args);
    }

    function _bounded(uint256 bound, uint256 beyond, bytes memory good, bytes memory bad) private {
        _build(good);
        _refused(bad, abi.encodeWithSelector(GmxBounds.PriceOutOfBounds.selector, beyond, bound));
    }

    function _open(uint256 collateral, uint256 size, uint256 price, uint256 fee) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.open, (MARKET, address(token), true, collateral, size, price, fee));
    }

    function _decrease(uint256 collateral, uint256 size, uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.decrease, (MARKET, address(token), true, collateral, size, price, FEE));
    }

    function _close(uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.close, (MARKET, address(token), true, price, FEE));
    }

    function _closeShort(uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.close, (MARKET, address(token), false, price, FEE));
    }

    function _stop(uint256 trigger, uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.stopLoss, (MARKET, address(token), true, 1e30, trigger, price, FEE));
    }

    function _stopShort(uint256 trigger, uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.stopLoss, (MARKET, address(token), false, 1e30, trigger, price, FEE));
    }

    function _take(bool isLong, uint256 trigger, uint256 price) private view returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.takeProfit, (MARKET, address(token), isLong, 1e30, trigger, price, FEE));
    }

    function _move(bytes32 key, uint256 trigger) private pure returns (bytes memory) {
        return abi.encodeCall(IGmxOperations.updateTrigger, (MARKET, key, trigger, trigger));
    }
}
