// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PriceFeeds, TokenFeed} from "../prices/PriceFeeds.sol";

/// @notice A market sessions may trade, and the token whose price it follows.
struct GmxMarket {
    address market;
    address indexToken;
}

/// @notice The caps of one installation. Sizes are USD with 30 decimals, fees wei.
/// @dev closeSlippageBps bounds the price of an emergency close, in 1/100 of a percent.
struct GmxCaps {
    uint256 maxSizeUsd;
    uint256 maxExecutionFee;
    uint16 maxLeverage;
    uint16 closeSlippageBps;
}

/// @title What a GMX order may not exceed: markets, collaterals, size, leverage, fee and price, fixed at deployment
abstract contract GmxBounds is PriceFeeds {
    /// @notice The market is not on this installation's list.
    error UnknownMarket(address market);
    /// @notice The collateral is not on this installation's list.
    error UnknownCollateral(address collateral);
    /// @notice The execution fee, in wei, is above the cap.
    error FeeTooHigh(uint256 fee, uint256 cap);
    /// @notice The position would be larger than the cap, in USD with 30 decimals.
    error SizeTooLarge(uint256 sizeUsd, uint256 cap);
    /// @notice The position would be larger than `cap` times its collateral, both in USD with 30 decimals.
    error LeverageTooHigh(uint256 sizeUsd, uint256 collateralUsd, uint256 cap);
    /// @notice The acceptable price is worse than the policy allows.
    error PriceOutOfBounds(uint256 price, uint256 bound);
    /// @notice The trigger is on the wrong side of the market: the order would be filled at once.
    error TriggerOutOfBounds(uint256 trigger, uint256 bound);
    /// @notice 10,000 or more hundredths of a percent bound nothing.
    error SlippageUnbounded();

    uint256 internal constant BPS = 10_000;

    /// @notice The largest a position may get, in USD with 30 decimals.
    uint256 public immutable maxSizeUsd;
    /// @notice The most one order may pay for its execution, in wei.
    uint256 public immutable maxExecutionFee;
    /// @notice How many times its collateral's value a position may be.
    uint256 public immutable maxLeverage;
    /// @notice How much worse than the last known price an emergency close may be filled, in 1/100 of a percent.
    uint256 public immutable closeSlippageBps;

    /// @notice The token whose price a market follows; 0 when the market is not listed.
    mapping(address market => address) public indexTokenOf;
    /// @notice Whether positions may be backed with the token.
    mapping(address collateral => bool) public isCollateral;
    address[] internal _collaterals;

    /// @param caps the most an order may be
    /// @param markets what may be traded; each index token needs a feed
    /// @param collaterals what positions may be backed with; each needs a feed
    /// @param feeds prices
    constructor(GmxCaps memory caps, GmxMarket[] memory markets, address[] memory collaterals, TokenFeed[] memory feeds)
        PriceFeeds(feeds)
    {
        if (caps.closeSlippageBps >= BPS) revert SlippageUnbounded();
        maxSizeUsd = caps.maxSizeUsd;
        maxExecutionFee = caps.maxExecutionFee;
        maxLeverage = caps.maxLeverage;
        closeSlippageBps = caps.closeSlippageBps;
        for (uint256 i; i < markets.length; ++i) {
            if (!_isKnown(markets[i].indexToken)) revert UnknownToken(markets[i].indexToken);
            indexTokenOf[markets[i].market] = markets[i].indexToken;
        }
        for (uint256 i; i < collaterals.length; ++i) {
            if (!_isKnown(collaterals[i])) revert UnknownToken(collaterals[i]);
            isCollateral[collaterals[i]] = true;
        }
        _collaterals = collaterals;
    }

    function _requireListed(address market, address collateral) internal view {
        if (indexTokenOf[market] == address(0)) revert UnknownMarket(market);
        if (!isCollateral[collateral]) revert UnknownCollateral(collateral);
    }

    function _requireFee(uint256 fee) internal view {
        if (fee > maxExecutionFee) revert FeeTooHigh(fee, maxExecutionFee);
    }

    /// @dev Size and leverage after the order, at the collateral's price; profit and loss are left out.
    function _requireLeverage(address collateral, uint256 sizeUsd, uint256 collateralAmount) internal view {
        if (sizeUsd > maxSizeUsd) revert SizeTooLarge(sizeUsd, maxSizeUsd);
        if (sizeUsd == 0) return;
        uint256 collateralUsd = collateralAmount * _freshPrice(collateral);
        if (sizeUsd > collateralUsd * maxLeverage) revert LeverageTooHigh(sizeUsd, collateralUsd, maxLeverage);
    }

    /// @dev The price at which the order may be filled: at most `bps` worse than the fair one. Who buys (opens a long, ends a
    ///      short) pays at most; who sells gets at least.
    function _requirePrice(uint256 price, uint256 fair, uint256 bps, bool buys) internal pure {
        uint256 bound = _worst(fair, bps, buys);
        if (buys ? price > bound : price < bound) revert PriceOutOfBounds(price, bound);
    }

    function _worst(uint256 fair, uint256 bps, bool buys) internal pure returns (uint256) {
        if (bps >= BPS) revert SlippageUnbounded();
        return buys ? fair * (BPS + bps) / BPS : (fair * (BPS - bps) + BPS - 1) / BPS;
    }
}
