// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {GmxBounds, GmxCaps, GmxMarket} from "../gmx/GmxBounds.sol";
import {IGmxOperations} from "../gmx/GmxOperations.sol";
import {GmxAddresses, GmxOrders} from "../gmx/GmxOrders.sol";
import {GmxOrder, GmxPosition, GmxStore} from "../gmx/GmxStore.sol";
import {IAdapter} from "../interfaces/IAdapter.sol";
import "../interfaces/IGmx.sol";
import {Closing, IPositionCloser} from "../interfaces/IPositionCloser.sol";
import {TokenFeed} from "../prices/PriceFeeds.sol";
import {Call} from "../types/Call.sol";

/// @title GMX v2 orders from typed fields
/// @notice Builds exactly `multicall([sendWnt, (sendTokens), createOrder])`. Receiver and cancellation receiver are the Safe,
///         there is no callback and no swap path, and every number is inside the bounds. The Safe itself makes the call:
///         GMX takes msg.sender as the account, so a wrapper that called GMX would own the position.
contract GmxAdapter is IAdapter, IPositionCloser, GmxOrders {
    using GmxStore for IGmxDataStore;

    /// @notice The adapter has no such operation.
    error UnknownOperation(bytes4 selector);
    /// @notice The fields have another length than the operation's, or ask for more than the position holds.
    error BadArguments();
    /// @notice There is nothing to make smaller.
    error NoPosition(address market, address collateral, bool isLong);
    /// @notice The order is another account's, or of another market than the one named.
    error NotYourOrder(bytes32 orderKey);
    /// @notice Only a stop-loss or a take-profit can be moved.
    error NotATrigger(bytes32 orderKey);
    /// @notice An order that increases waits already: the next one must wait for it.
    error OrderPending(bytes32 orderKey);
    /// @notice More waiting orders than an emergency close can cancel.
    error TooManyOrders();

    /// @dev Keeps emergency close inside one block.
    uint256 private constant MAX_CLOSINGS = 32;

    /// @param gmx where GMX stands, and the constants of every order
    /// @param caps the most an order may be
    /// @param markets what may be traded
    /// @param collaterals what positions may be backed with
    /// @param feeds prices of every index token and collateral
    constructor(
        GmxAddresses memory gmx,
        GmxCaps memory caps,
        GmxMarket[] memory markets,
        address[] memory collaterals,
        TokenFeed[] memory feeds
    ) GmxBounds(caps, markets, collaterals, feeds) GmxOrders(gmx) {}

    /// @inheritdoc IAdapter
    function build(address safe, uint16 maxSlippageBps, bytes calldata args)
        external
        view
        returns (Call[] memory calls, address token, uint256 amount)
    {
        bytes4 operation = bytes4(args);
        bytes calldata fields = args[4:];
        if (operation == IGmxOperations.open.selector) return _open(safe, maxSlippageBps, fields);
        calls = new Call[](1);
        calls[0] = _single(operation, safe, maxSlippageBps, fields);
    }

    /// @inheritdoc IPositionCloser
    /// @dev Orders first: a waiting order must not reopen what is closed. A market that is not listed, or whose feed is broken, has
    ///      no price bound, so its position is named but not closed. The last known price bounds the close, however old: the feed may be what failed.
    function closings(address safe, uint256 fees) external view returns (Closing[] memory list) {
        bytes32[] memory orders = dataStore.orderKeys(safe, MAX_CLOSINGS);
        bytes32[] memory positions = dataStore.positionKeys(safe, MAX_CLOSINGS);
        list = new Closing[](orders.length + positions.length);
        for (uint256 i; i < orders.length; ++i) {
            list[i] = Closing(dataStore.order(orders[i]).market, _cancelCall(orders[i]));
        }
        if (positions.length == 0) return list;
        uint256 fee = fees / positions.length;
        if (fee > maxExecutionFee) fee = maxExecutionFee;
        for (uint256 i; i < positions.length; ++i) {
            list[orders.length + i] = _closing(safe, dataStore.position(positions[i]), fee);
        }
    }

    /// @inheritdoc IPositionCloser
    function allowances() external view returns (address[] memory tokens, address spender) {
        return (_collaterals, router);
    }

    /// @dev The operations that are one call and spend no token.
    function _single(bytes4 operation, address safe, uint256 bps, bytes calldata fields) private view returns (Call memory) {
        if (operation == IGmxOperations.decrease.selector) return _decrease(safe, bps, fields);
        if (operation == IGmxOperations.close.selector) return _close(safe, bps, fields);
        if (operation == IGmxOperations.stopLoss.selector) return _trigger(safe, bps, fields, true);
        if (operation == IGmxOperations.takeProfit.selector) return _trigger(safe, bps, fields, false);
        if (operation == IGmxOperations.updateTrigger.selector) return _update(safe, bps, fields);
        if (operation == IGmxOperations.cancel.selector) return _cancel(safe, fields);
        revert UnknownOperation(operation);
    }

    function _open(address safe, uint256 bps, bytes calldata fields)
        private
        view
        returns (Call[] memory calls, address, uint256)
    {
        Draft memory draft = _draft(fields, GMX_MARKET_INCREASE);
        _requireNonePending(safe, draft.market);
        GmxPosition memory held = _position(safe, draft);
        uint256 sizeUsd = held.sizeInUsd + draft.sizeDeltaUsd;
        uint256 collateral = held.collateralAmount + draft.collateralDelta;
        _requireLeverage(draft.collateral, sizeUsd, collateral);
        _requirePrice(draft.acceptablePrice, _freshPrice(indexTokenOf[draft.market]), bps, draft.isLong);
        if (draft.collateralDelta == 0) {
            calls = new Call[](1);
            calls[0] = _order(safe, draft);
        } else {
            calls = new Call[](2);
            calls[0] = Call(draft.collateral, 0, abi.encodeCall(IERC20.approve, (router, draft.collateralDelta)));
            calls[1] = _order(safe, draft);
        }
        return (calls, draft.collateral, draft.collateralDelta);
    }

    function _decrease(address safe, uint256 bps, bytes calldata fields) private view returns (Call memory) {
        Draft memory draft = _draft(fields, GMX_MARKET_DECREASE);
        GmxPosition memory held = _held(safe, draft);
        if (draft.sizeDeltaUsd > held.sizeInUsd || draft.collateralDelta > held.collateralAmount) revert BadArguments();
        uint256 sizeUsd = held.sizeInUsd - draft.sizeDeltaUsd;
        uint256 collateral = held.collateralAmount - draft.collateralDelta;
        _requireLeverage(draft.collateral, sizeUsd, collateral);
        _requirePrice(draft.acceptablePrice, _freshPrice(indexTokenOf[draft.market]), bps, !draft.isLong);
        return _order(safe, draft);
    }

    function _close(address safe, uint256 bps, bytes calldata fields) private view returns (Call memory) {
        if (fields.length != 5 * 32) revert BadArguments();
        Draft memory draft;
        draft.orderType = GMX_MARKET_DECREASE;
        (draft.market, draft.collateral, draft.isLong, draft.acceptablePrice, draft.executionFee) =
            abi.decode(fields, (address, address, bool, uint256, uint256));
        _requireListed(draft.market, draft.collateral);
        draft.sizeDeltaUsd = _held(safe, draft).sizeInUsd;
        _requirePrice(draft.acceptablePrice, _freshPrice(indexTokenOf[draft.market]), bps, !draft.isLong);
        return _order(safe, draft);
    }

    function _trigger(address safe, uint256 bps, bytes calldata fields, bool stops) private view returns (Call memory) {
        Draft memory draft = _draft(fields, stops ? GMX_STOP_LOSS_DECREASE : GMX_LIMIT_DECREASE);
        // The fourth field is the size here, and the fifth the trigger.
        (draft.collateralDelta, draft.sizeDeltaUsd, draft.triggerPrice) = (0, draft.collateralDelta, draft.sizeDeltaUsd);
        _held(safe, draft);
        _requireRoom(safe);
        _requireTrigger(draft.market, draft.isLong, stops, draft.triggerPrice, draft.acceptablePrice, bps);
        return _order(safe, draft);
    }

    function _update(address safe, uint256 bps, bytes calldata fields) private view returns (Call memory) {
        if (fields.length != 4 * 32) revert BadArguments();
        (address market, bytes32 key, uint256 trigger, uint256 price) =
            abi.decode(fields, (address, bytes32, uint256, uint256));
        GmxOrder memory order = _ownOrder(safe, market, key);
        bool stops = order.orderType == GMX_STOP_LOSS_DECREASE;
        if (!stops && order.orderType != GMX_LIMIT_DECREASE) revert NotATrigger(key);
        _requireTrigger(market, order.isLong, stops, trigger, price, bps);
        bytes memory data = abi.encodeCall(
            IGmxExchangeRouter.updateOrder,
            (key, order.sizeDeltaUsd, price, trigger, order.minOutputAmount, 0, order.autoCancel)
        );
        return Call(address(exchangeRouter), 0, data);
    }

    function _cancel(address safe, bytes calldata fields) private view returns (Call memory) {
        if (fields.length != 2 * 32) revert BadArguments();
        (address market, bytes32 key) = abi.decode(fields, (address, bytes32));
        _ownOrder(safe, market, key);
        return _cancelCall(key);
    }

    /// @dev The seven fields that open, decrease and the triggers share; the middle ones differ in meaning.
    function _draft(bytes calldata fields, uint8 orderType) private view returns (Draft memory draft) {
        if (fields.length != 7 * 32) revert BadArguments();
        draft.orderType = orderType;
        (
            draft.market,
            draft.collateral,
            draft.isLong,
            draft.collateralDelta,
            draft.sizeDeltaUsd,
            draft.acceptablePrice,
            draft.executionFee
        ) = abi.decode(fields, (address, address, bool, uint256, uint256, uint256, uint256));
        _requireListed(draft.market, draft.collateral);
    }

    function _position(address safe, Draft memory draft) private view returns (GmxPosition memory) {
        return dataStore.position(GmxStore.positionKey(safe, draft.market, draft.collateral, draft.isLong));
    }

    function _held(address safe, Draft memory draft) private view returns (GmxPosition memory held) {
        held = _position(safe, draft);
        if (held.sizeInUsd == 0) revert NoPosition(draft.market, draft.collateral, draft.isLong);
    }

    /// @dev Size and leverage are judged by the position as it is; a second increase must wait until the first is filled.
    function _requireNonePending(address safe, address market) private view {
        _requireRoom(safe);
        bytes32[] memory keys = dataStore.orderKeys(safe, MAX_CLOSINGS);
        for (uint256 i; i < keys.length; ++i) {
            if (dataStore.isIncrease(keys[i], market)) revert OrderPending(keys[i]);
        }
    }

    /// @dev Never more waiting orders than an emergency close can cancel.
    function _requireRoom(address safe) private view {
        if (dataStore.orderCount(safe) >= MAX_CLOSINGS) revert TooManyOrders();
    }

    function _ownOrder(address safe, address market, bytes32 key) private view returns (GmxOrder memory order) {
        order = dataStore.order(key);
        if (order.account != safe || order.market != market) revert NotYourOrder(key);
    }

    /// @dev A stop sells a long below the market, a take-profit above it (a short the other way round); one on the wrong side
    ///      would be filled at once and be a market order with a price of its own. The fill is bounded by the trigger.
    function _requireTrigger(address market, bool isLong, bool stops, uint256 trigger, uint256 price, uint256 bps) private view {
        uint256 now_ = _freshPrice(indexTokenOf[market]);
        bool above = isLong != stops;
        if (above ? trigger < now_ : trigger > now_) revert TriggerOutOfBounds(trigger, now_);
        _requirePrice(price, trigger, bps, !isLong);
    }

    function _closing(address safe, GmxPosition memory held, uint256 fee) private view returns (Closing memory closing) {
        closing.market = held.market;
        uint256 price = _anyPrice(indexTokenOf[held.market]);
        if (price == 0) return closing;
        Draft memory draft;
        (draft.market, draft.collateral, draft.isLong) = (held.market, held.collateral, held.isLong);
        (draft.orderType, draft.sizeDeltaUsd, draft.executionFee) = (GMX_MARKET_DECREASE, held.sizeInUsd, fee);
        draft.acceptablePrice = _worst(price, closeSlippageBps, !held.isLong);
        closing.call = _order(safe, draft);
    }
}
