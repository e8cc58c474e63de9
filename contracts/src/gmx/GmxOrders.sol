// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import "../interfaces/IGmx.sol";
import {Call} from "../types/Call.sol";
import {GmxBounds} from "./GmxBounds.sol";

/// @notice Where GMX v2 stands on a chain, and the two constants every order carries.
struct GmxAddresses {
    IGmxExchangeRouter exchangeRouter;
    address router;
    address orderVault;
    IGmxDataStore dataStore;
    address uiFeeReceiver;
    bytes32 referralCode;
}

/// @title How a GMX order is written: `multicall([sendWnt, (sendTokens), createOrder])`, with everything pinned that nobody may choose
abstract contract GmxOrders is GmxBounds {
    /// @notice Takes the orders. It takes msg.sender as the account, so the Safe calls it.
    IGmxExchangeRouter public immutable exchangeRouter;
    /// @notice Takes the tokens: what a Safe approves.
    address public immutable router;
    /// @notice Where fee and collateral of an order wait.
    address public immutable orderVault;
    /// @notice Where positions and orders are read.
    IGmxDataStore public immutable dataStore;
    /// @notice A constant of every order: the key cannot name another.
    address public immutable uiFeeReceiver;
    /// @notice A constant of every order: the key cannot name another.
    bytes32 public immutable referralCode;

    /// @dev One order as the operations below fill it in; what they leave is 0.
    struct Draft {
        address market;
        address collateral;
        bool isLong;
        uint8 orderType;
        uint256 collateralDelta;
        uint256 sizeDeltaUsd;
        uint256 triggerPrice;
        uint256 acceptablePrice;
        uint256 executionFee;
    }

    /// @param gmx where GMX stands, and the constants of every order
    constructor(GmxAddresses memory gmx) {
        exchangeRouter = gmx.exchangeRouter;
        router = gmx.router;
        orderVault = gmx.orderVault;
        dataStore = gmx.dataStore;
        uiFeeReceiver = gmx.uiFeeReceiver;
        referralCode = gmx.referralCode;
    }

    function _cancelCall(bytes32 key) internal view returns (Call memory) {
        return Call(address(exchangeRouter), 0, abi.encodeCall(IGmxExchangeRouter.cancelOrder, (key)));
    }

    /// @dev The one place where an order is written. Only an increase sends tokens.
    function _order(address safe, Draft memory draft) internal view returns (Call memory) {
        _requireFee(draft.executionFee);
        bool sends = draft.orderType == GMX_MARKET_INCREASE && draft.collateralDelta != 0;
        bytes[] memory steps = new bytes[](sends ? 3 : 2);
        steps[0] = abi.encodeCall(IGmxExchangeRouter.sendWnt, (orderVault, draft.executionFee));
        if (sends) {
            steps[1] =
                abi.encodeCall(IGmxExchangeRouter.sendTokens, (draft.collateral, orderVault, draft.collateralDelta));
        }
        steps[steps.length - 1] = abi.encodeCall(IGmxExchangeRouter.createOrder, (_params(safe, draft)));
        return
            Call(address(exchangeRouter), draft.executionFee, abi.encodeCall(IGmxExchangeRouter.multicall, (steps)));
    }

    function _params(address safe, Draft memory draft) private view returns (GmxOrderParams memory params) {
        params.addresses = GmxOrderAddresses({
            receiver: safe,
            cancellationReceiver: safe,
            callbackContract: address(0),
            uiFeeReceiver: uiFeeReceiver,
            market: draft.market,
            initialCollateralToken: draft.collateral,
            swapPath: new address[](0)
        });
        params.numbers.sizeDeltaUsd = draft.sizeDeltaUsd;
        params.numbers.initialCollateralDeltaAmount = draft.collateralDelta;
        params.numbers.triggerPrice = draft.triggerPrice;
        params.numbers.acceptablePrice = draft.acceptablePrice;
        params.numbers.executionFee = draft.executionFee;
        params.orderType = draft.orderType;
        params.isLong = draft.isLong;
        // A trigger dies with its position; market orders cannot outlive one.
        params.autoCancel = draft.orderType == GMX_STOP_LOSS_DECREASE || draft.orderType == GMX_LIMIT_DECREASE;
        params.referralCode = referralCode;
    }
}
