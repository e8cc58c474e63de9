// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GmxAdapter} from "../../src/adapters/GmxAdapter.sol";
import {GmxCaps, GmxMarket} from "../../src/gmx/GmxBounds.sol";
import {GmxAddresses} from "../../src/gmx/GmxOrders.sol";
import {IGmxOperations} from "../../src/gmx/GmxOperations.sol";
import {IPositionCloser} from "../../src/interfaces/IPositionCloser.sol";
import {TokenFeed} from "../../src/prices/PriceFeeds.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {GenesisRecipient, GenesisRule, RuleKind} from "../../src/types/Rule.sol";
import {FeedDouble} from "../doubles/FeedDouble.sol";
import {GmxDouble} from "../doubles/GmxDouble.sol";
import {GmxDataStoreDouble} from "../doubles/GmxParts.sol";
import {SessionTest} from "./SessionTest.sol";
import {vm} from "./Vm.sol";

/// @notice The system with a GMX double: ETH at 3,000 USD, USDC as collateral, leverage up to 10.
abstract contract GmxTest is SessionTest {
    address internal constant MARKET = address(0x3A7);
    address internal constant UI_FEE_RECEIVER = address(0x1F);
    uint256 internal constant ETH_PRICE = 3_000e12;
    uint256 internal constant FEE = 0.002 ether;

    GmxDouble internal gmx;
    GmxAdapter internal gmxAdapter;
    FeedDouble internal usdFeed;
    FeedDouble internal ethFeed;

    function _closer() internal override returns (IPositionCloser) {
        gmx = new GmxDouble(0.001 ether);
        usdFeed = new FeedDouble(8, 1e8);
        ethFeed = new FeedDouble(8, 3_000e8);
        GmxMarket[] memory markets = new GmxMarket[](1);
        markets[0] = GmxMarket(MARKET, address(gmx.wnt()));
        address[] memory collaterals = new address[](1);
        collaterals[0] = address(token);
        TokenFeed[] memory feeds = new TokenFeed[](2);
        feeds[0] = TokenFeed(address(token), usdFeed, 6, 1 days);
        feeds[1] = TokenFeed(address(gmx.wnt()), ethFeed, 18, 1 hours);
        GmxAddresses memory addresses = GmxAddresses(
            gmx, address(gmx.router()), address(gmx.orderVault()), gmx.dataStore(), UI_FEE_RECEIVER, "interlock"
        );
        GmxCaps memory caps = GmxCaps(10_000e30, 0.01 ether, 10, 500);
        gmxAdapter = GmxAdapter(_production("GmxAdapter", abi.encode(addresses, caps, markets, collaterals, feeds)));
        return gmxAdapter;
    }

    function _rules() internal view override returns (GenesisRule[] memory rules) {
        GenesisRule[] memory base = super._rules();
        bytes4[7] memory operations = [
            IGmxOperations.open.selector,
            IGmxOperations.decrease.selector,
            IGmxOperations.close.selector,
            IGmxOperations.stopLoss.selector,
            IGmxOperations.takeProfit.selector,
            IGmxOperations.updateTrigger.selector,
            IGmxOperations.cancel.selector
        ];
        uint16[7] memory lengths = [uint16(228), 228, 164, 228, 228, 132, 68];
        rules = new GenesisRule[](base.length + 7);
        for (uint256 i; i < base.length; ++i) rules[i] = base[i];
        for (uint256 i; i < 7; ++i) {
            rules[base.length + i] =
                GenesisRule(address(gmxAdapter), operations[i], 3, 0, 255, RuleKind.Adapter, lengths[i]);
        }
    }

    function _recipients() internal view override returns (GenesisRecipient[] memory recipients) {
        GenesisRecipient[] memory base = super._recipients();
        recipients = new GenesisRecipient[](base.length + 1);
        for (uint256 i; i < base.length; ++i) recipients[i] = base[i];
        recipients[base.length] = GenesisRecipient(3, MARKET);
    }

    function _trader() internal returns (Policy memory policy) {
        policy = _policy();
        (policy.protocolMask, policy.maxSlippageBps) = (1 << 3, 100);
        _arm(policy);
    }

    function _trade(Policy memory policy, bytes memory args) internal {
        vm.prank(policy.key);
        module.execAdapter(policy, address(gmxAdapter), args, new bytes32[](0));
    }

    /// @notice A long of `sizeUsd` dollars on `collateral` USDC units, at the market price.
    function _openArgs(uint256 collateral, uint256 sizeUsd) internal view returns (bytes memory) {
        return abi.encodeCall(
            IGmxOperations.open, (MARKET, address(token), true, collateral, sizeUsd * 1e30, ETH_PRICE, FEE)
        );
    }

    function _openLong(Policy memory policy, uint256 collateral, uint256 sizeUsd) internal {
        _trade(policy, _openArgs(collateral, sizeUsd));
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
    }

    /// @notice A filled long of the Safe, with no session: the Safe itself orders what the adapter builds.
    function _hold(uint256 collateral, uint256 sizeUsd) internal {
        _fill(abi.encodeCall(IGmxOperations.open, (MARKET, address(token), true, collateral, sizeUsd * 1e30, ETH_PRICE, FEE)));
    }

    /// @notice The same for a short.
    function _holdShort(uint256 collateral, uint256 sizeUsd) internal {
        _fill(abi.encodeCall(IGmxOperations.open, (MARKET, address(token), false, collateral, sizeUsd * 1e30, ETH_PRICE, FEE)));
    }

    function _fill(bytes memory args) private {
        (Call[] memory calls,,) = gmxAdapter.build(address(safe), 100, args);
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(address(safe));
            (bool ok,) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            require(ok, "the Safe's own order failed");
        }
        gmx.executeOrder(_lastOrder(), ETH_PRICE);
    }

    /// @notice Writes a number of an order in GMX's store, as GMX itself might.
    function _write(bytes32 key, string memory name, uint256 value) internal {
        GmxDataStoreDouble store = gmx.dataStore();
        vm.prank(address(gmx));
        store.setUint(_field(key, name), value);
    }

    function _field(bytes32 key, string memory name) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, keccak256(abi.encode(name))));
    }

    function _lastOrder() internal view returns (bytes32) {
        bytes32 list = keccak256(abi.encode(keccak256(abi.encode("ACCOUNT_ORDER_LIST")), address(safe)));
        uint256 count = gmx.dataStore().getBytes32Count(list);
        return gmx.dataStore().getBytes32ValuesAt(list, count - 1, count)[0];
    }

    function _positionSize() internal view returns (uint256) {
        bytes32 key = keccak256(abi.encode(address(safe), MARKET, address(token), true));
        return gmx.dataStore().getUint(keccak256(abi.encode(key, keccak256(abi.encode("SIZE_IN_USD")))));
    }
}
