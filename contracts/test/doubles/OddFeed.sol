// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPriceFeed} from "../../src/interfaces/IPriceFeed.sol";

/// @notice TEST DOUBLE of a price feed that misbehaves: its price is the gas it was given, or it answers with too little, or burns.
contract OddFeed is IPriceFeed {
    uint8 public constant decimals = 8;
    uint256 private fixedPrice;
    uint256 private length = 160;
    bool private burns;

    function fix(uint256 price) external {
        fixedPrice = price;
    }

    function cut(uint256 length_) external {
        length = length_;
    }

    function burn() external {
        burns = true;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 price = gasleft();
        if (burns) while (true) {}
        if (fixedPrice != 0) price = fixedPrice;
        uint256 size = length;
        assembly ("memory-safe") {
            mstore(0x20, price)
            return(0, size)
        }
    }
}
