// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The typed operations of GmxAdapter; only their encoding is used, nobody implements them.
/// @dev The market comes first in each: the registry lists it as a recipient of the protocol. sizeDeltaUsd and prices have
///      GMX's 30 decimals, executionFee is wei.
interface IGmxOperations {
    /// @notice OPEN: a new position or more of one, by a market order.
    function open(
        address market,
        address collateral,
        bool isLong,
        uint256 collateralAmount,
        uint256 sizeDeltaUsd,
        uint256 acceptablePrice,
        uint256 executionFee
    ) external;

    /// @notice DECREASE: less of a position, by a market order; collateralDelta goes to the Safe.
    function decrease(
        address market,
        address collateral,
        bool isLong,
        uint256 collateralDelta,
        uint256 sizeDeltaUsd,
        uint256 acceptablePrice,
        uint256 executionFee
    ) external;

    /// @notice CLOSE: all of a position, by a market order.
    function close(address market, address collateral, bool isLong, uint256 acceptablePrice, uint256 executionFee) external;

    /// @notice STOP_LOSS: less of a position once the price is at the trigger or worse.
    function stopLoss(
        address market,
        address collateral,
        bool isLong,
        uint256 sizeDeltaUsd,
        uint256 triggerPrice,
        uint256 acceptablePrice,
        uint256 executionFee
    ) external;

    /// @notice TAKE_PROFIT: less of a position once the price is at the trigger or better.
    function takeProfit(
        address market,
        address collateral,
        bool isLong,
        uint256 sizeDeltaUsd,
        uint256 triggerPrice,
        uint256 acceptablePrice,
        uint256 executionFee
    ) external;

    /// @notice UPDATE_TRIGGER: another trigger for a waiting stop-loss or take-profit; its size stays.
    function updateTrigger(address market, bytes32 orderKey, uint256 triggerPrice, uint256 acceptablePrice) external;

    /// @notice CANCEL: a waiting order; what it holds goes back to the Safe.
    function cancel(address market, bytes32 orderKey) external;
}
