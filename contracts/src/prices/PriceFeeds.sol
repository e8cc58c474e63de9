// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {Getter} from "../lib/Getter.sol";

/// @notice One token's USD feed, as it stands in the deployment's arguments.
/// @dev maxAge: seconds after which an answer is stale.
struct TokenFeed {
    address token;
    IPriceFeed feed;
    uint8 tokenDecimals;
    uint32 maxAge;
}

/// @title USD prices of the tokens an adapter knows, fixed at deployment
/// @notice A price is USD with 30 decimals for one smallest unit of the token: answer * 10^(30 - token - feed decimals), the
///         scale GMX uses too.
abstract contract PriceFeeds {
    /// @dev One word a token. exponent: what scales an answer to 30 decimals less the token's own. maxAge in seconds.
    struct Feed {
        IPriceFeed source;
        uint8 exponent;
        uint32 maxAge;
    }

    uint256 private constant PRICE_DECIMALS = 30;
    /// @dev A feed that burns gas must not keep the positions beside it from being closed.
    uint256 private constant FEED_GAS = 100_000;

    /// @notice The token has no feed here.
    error UnknownToken(address token);
    /// @notice The feed's last answer is older than it may be.
    error StalePrice(address token, uint256 updatedAt);
    /// @notice The feed's answer is no price.
    error BadPrice(address token, int256 answer);

    mapping(address token => Feed) private _feeds;

    /// @param feeds every token this installation knows, with its decimals and the age its price may have
    constructor(TokenFeed[] memory feeds) {
        for (uint256 i; i < feeds.length; ++i) {
            TokenFeed memory f = feeds[i];
            // Checked subtraction: a token or feed with more decimals than the scale has cannot be configured.
            uint256 exponent = PRICE_DECIMALS - f.tokenDecimals - f.feed.decimals();
            _feeds[f.token] = Feed(f.feed, uint8(exponent), f.maxAge);
        }
    }

    /// @notice The feed a token is priced by; the zero address when the adapter does not know the token.
    function feedOf(address token) external view returns (IPriceFeed) {
        return _feeds[token].source;
    }

    function _isKnown(address token) internal view returns (bool) {
        return address(_feeds[token].source) != address(0);
    }

    /// @dev Reverts on a stale answer: a price nobody has confirmed lately bounds nothing.
    function _freshPrice(address token) internal view returns (uint256 price) {
        uint256 updatedAt;
        (price, updatedAt) = _lastPrice(token);
        if (block.timestamp > updatedAt + _feeds[token].maxAge) revert StalePrice(token, updatedAt);
    }

    /// @dev The last answer, however old, where one broken feed must not stop what is done beside it.
    /// @return price 0 when the token has no feed, or the feed does not answer with a price
    function _anyPrice(address token) internal view returns (uint256 price) {
        Feed memory feed = _feeds[token];
        (, uint256 answer) = Getter.word(address(feed.source), FEED_GAS, abi.encodeCall(IPriceFeed.latestRoundData, ()), 1);
        // The second word is the price. One of more than 128 bits is none, be it negative or too large to be scaled.
        if (answer <= type(uint128).max) price = answer * 10 ** feed.exponent;
    }

    /// @dev The last answer, however old.
    function _lastPrice(address token) private view returns (uint256 price, uint256 updatedAt) {
        Feed memory feed = _feeds[token];
        if (address(feed.source) == address(0)) revert UnknownToken(token);
        int256 answer;
        (, answer,, updatedAt,) = feed.source.latestRoundData();
        if (answer <= 0) revert BadPrice(token, answer);
        price = uint256(answer) * 10 ** feed.exponent;
    }
}
