// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The part of a Chainlink-style aggregator this system reads.
interface IPriceFeed {
    /// @return Decimals of `answer`.
    function decimals() external view returns (uint8);
    /// @return roundId not used here
    /// @return answer USD for one whole token
    /// @return startedAt not used here
    /// @return updatedAt unix time of the answer
    /// @return answeredInRound not used here
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
