// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPriceFeed} from "../../src/interfaces/IPriceFeed.sol";

/// @notice TEST DOUBLE of a Chainlink aggregator: its published ABI, with an answer that anybody may set.
contract FeedDouble is IPriceFeed {
    uint8 public immutable decimals;
    int256 public answer;
    uint256 public updatedAt;

    constructor(uint8 decimals_, int256 answer_) {
        decimals = decimals_;
        set(answer_);
    }

    function set(int256 answer_) public {
        answer = answer_;
        updatedAt = block.timestamp;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, updatedAt, updatedAt, 1);
    }
}
