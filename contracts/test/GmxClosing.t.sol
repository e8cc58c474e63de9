// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GmxAdapter} from "../src/adapters/GmxAdapter.sol";
import {GmxCaps, GmxMarket} from "../src/gmx/GmxBounds.sol";
import {GmxAddresses} from "../src/gmx/GmxOrders.sol";
import {IGmxOperations} from "../src/gmx/GmxOperations.sol";
import "../src/interfaces/IGmx.sol";
import {Closing} from "../src/interfaces/IPositionCloser.sol";
import {IPriceFeed} from "../src/interfaces/IPriceFeed.sol";
import {TokenFeed} from "../src/prices/PriceFeeds.sol";
import {Policy} from "../src/types/Policy.sol";
import {GmxDataStoreDouble} from "./doubles/GmxParts.sol";
import {OddFeed} from "./doubles/OddFeed.sol";
import {GmxTest} from "./support/GmxTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice What an emergency close is told to do about GMX, and which deployments of the adapter are refused.
contract GmxClosingTest is GmxTest {
    function test_orders_come_first_then_positions_with_equal_shares_of_the_fee() public {
        Policy memory policy = _trader();
        _trade(policy, _openArgs(200e6, 1_000));
        _assertEq(gmxAdapter.closings(address(safe), 1 ether).length, 1, "only the order is there");
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        _holdShort(100e6, 500);
        _trade(policy, abi.encodeCall(IGmxOperations.stopLoss, (MARKET, address(token), true, 1e30, 1, 1, FEE)));
        bytes32 waiting = _lastOrder();
        Closing[] memory list = gmxAdapter.closings(address(safe), 0.006 ether);
        _assertEq(list.length, 3, "one order and two positions");
        _assert(
            keccak256(list[0].call.data) == keccak256(abi.encodeCall(IGmxExchangeRouter.cancelOrder, (waiting))),
            "the order does not come first"
        );
        _assert(list[0].market == MARKET && list[1].market == MARKET && list[2].market == MARKET, "other markets");
        _assertEq(list[0].call.value, 0, "a cancellation costs no fee");
        _assertEq(list[1].call.value, 0.003 ether, "not an equal share");
        _assertEq(list[2].call.value, 0.003 ether, "not an equal share");
        _assertEq(gmxAdapter.closings(address(safe), 1 ether)[1].call.value, 0.01 ether, "not capped");
    }

    function test_both_sides_are_closed_within_the_bound() public {
        _hold(100e6, 1_000);
        _holdShort(100e6, 500);
        vm.deal(owner, 1 ether);
        vm.prank(owner);
        module.emergencyCloseAll{value: 0.02 ether}(address(safe));
        GmxOrderParams memory short = gmx.orderOf(_lastOrder());
        _assert(!short.isLong && !short.autoCancel, "not the short");
        _assertEq(short.numbers.acceptablePrice, ETH_PRICE * 105 / 100, "a short's close may cost more, not less");
        _assertEq(short.numbers.sizeDeltaUsd, 500e30, "not all of it");
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
        _assertEq(_positionSize(), 0, "the long is open");
    }

    function test_at_most_32_of_each_are_closed_at_once() public {
        GmxDataStoreDouble store = gmx.dataStore();
        bytes32 list = keccak256(abi.encode(keccak256(abi.encode("ACCOUNT_ORDER_LIST")), address(safe)));
        for (uint256 i; i < 33; ++i) {
            vm.prank(address(gmx));
            store.add(list, bytes32(i + 1));
        }
        _assertEq(gmxAdapter.closings(address(safe), 0).length, 32, "another number of orders");
    }

    function test_a_position_whose_feed_gives_no_price_is_named_and_not_closed() public {
        _hold(100e6, 1_000);
        int256[3] memory none = [int256(0), -1, int256(uint256(type(uint128).max) + 1)];
        for (uint256 i; i < 3; ++i) {
            ethFeed.set(none[i]);
            Closing memory closing = gmxAdapter.closings(address(safe), 0)[0];
            _assert(closing.market == MARKET && closing.call.to == address(0), "a close without a bound");
        }
        ethFeed.set(int256(uint256(type(uint128).max)));
        _assert(gmxAdapter.closings(address(safe), 0)[0].call.to == address(gmx), "the largest price is a price");
    }

    /// @dev Its price is the gas it was given: what it burns is bounded, and what it answers too little of is no price.
    function test_a_feed_gets_100_000_gas() public {
        OddFeed odd = new OddFeed();
        GmxAdapter other = _deployWith(odd);
        _hold(100e6, 1_000);
        (bool ok, bytes memory answer) =
            address(odd).staticcall{gas: 100_000}(abi.encodeCall(IPriceFeed.latestRoundData, ()));
        (, uint256 given) = abi.decode(answer, (uint256, uint256));
        bytes memory probed = abi.encode(other.closings(address(safe), 0));
        odd.fix(given);
        _assert(ok && keccak256(probed) == keccak256(abi.encode(other.closings(address(safe), 0))), "another amount of gas");
        odd.cut(63);
        _assert(other.closings(address(safe), 0)[0].call.to == address(0), "half an answer is a price");
        odd.cut(64);
        _assert(other.closings(address(safe), 0)[0].call.to != address(0), "the price itself is enough");
        odd.burn();
        _assert(other.closings(address(safe), 0)[0].call.to == address(0), "a burning feed is a price");
    }

    function test_a_deployment_without_bounds_is_refused() public {
        _refusedDeployment(GmxCaps(1, 1, 1, 10_000), address(gmx.wnt()), address(token), 6);
        _refusedDeployment(GmxCaps(1, 1, 1, 9_999), address(1), address(token), 6);
        _refusedDeployment(GmxCaps(1, 1, 1, 9_999), address(gmx.wnt()), address(1), 6);
        _refusedDeployment(GmxCaps(1, 1, 1, 9_999), address(gmx.wnt()), address(token), 23);
        this.deploy(GmxCaps(1, 1, 1, 9_999), address(gmx.wnt()), address(token), 22, usdFeed);
    }

    function _refusedDeployment(GmxCaps memory caps, address index, address collateral, uint8 decimals) private {
        vm.expectRevert("creation failed");
        this.deploy(caps, index, collateral, decimals, usdFeed);
    }

    function _deployWith(IPriceFeed feed) private returns (GmxAdapter) {
        return this.deploy(GmxCaps(1, 1, 1, 500), address(gmx.wnt()), address(token), 6, feed);
    }

    /// @dev External, so that a refused deployment can be expected. `feed` prices the index token.
    function deploy(GmxCaps memory caps, address index, address collateral, uint8 decimals, IPriceFeed feed)
        external
        returns (GmxAdapter)
    {
        GmxMarket[] memory markets = new GmxMarket[](1);
        markets[0] = GmxMarket(MARKET, index);
        address[] memory collaterals = new address[](1);
        collaterals[0] = collateral;
        TokenFeed[] memory feeds = new TokenFeed[](2);
        feeds[0] = TokenFeed(address(token), usdFeed, decimals, 1 days);
        feeds[1] = TokenFeed(address(gmx.wnt()), feed, 18, 1 hours);
        GmxAddresses memory addresses = GmxAddresses(
            gmx, address(gmx.router()), address(gmx.orderVault()), gmx.dataStore(), UI_FEE_RECEIVER, "interlock"
        );
        return GmxAdapter(_production("GmxAdapter", abi.encode(addresses, caps, markets, collaterals, feeds)));
    }
}
