// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GMX_LIMIT_INCREASE, GMX_MARKET_INCREASE, GMX_STOP_INCREASE, IGmxDataStore} from "../interfaces/IGmx.sol";

/// @notice What is needed of one open position. sizeInUsd has 30 decimals, collateralAmount is in the smallest unit.
struct GmxPosition {
    address market;
    address collateral;
    bool isLong;
    uint256 sizeInUsd;
    uint256 collateralAmount;
}

/// @notice What is needed of one waiting order.
struct GmxOrder {
    address account;
    address market;
    uint256 sizeDeltaUsd;
    uint256 minOutputAmount;
    uint256 orderType;
    bool isLong;
    bool autoCancel;
}

/// @title Positions and orders in GMX v2's DataStore: each field under keccak256(abi.encode(key, field))
/// @dev Field keys are keccak256(abi.encode("NAME")), as in GMX's published source.
library GmxStore {
    bytes32 private constant ACCOUNT_POSITION_LIST = keccak256(abi.encode("ACCOUNT_POSITION_LIST"));
    bytes32 private constant ACCOUNT_ORDER_LIST = keccak256(abi.encode("ACCOUNT_ORDER_LIST"));
    bytes32 private constant ACCOUNT = keccak256(abi.encode("ACCOUNT"));
    bytes32 private constant MARKET = keccak256(abi.encode("MARKET"));
    bytes32 private constant COLLATERAL_TOKEN = keccak256(abi.encode("COLLATERAL_TOKEN"));
    bytes32 private constant SIZE_IN_USD = keccak256(abi.encode("SIZE_IN_USD"));
    bytes32 private constant COLLATERAL_AMOUNT = keccak256(abi.encode("COLLATERAL_AMOUNT"));
    bytes32 private constant IS_LONG = keccak256(abi.encode("IS_LONG"));
    bytes32 private constant SIZE_DELTA_USD = keccak256(abi.encode("SIZE_DELTA_USD"));
    bytes32 private constant MIN_OUTPUT_AMOUNT = keccak256(abi.encode("MIN_OUTPUT_AMOUNT"));
    bytes32 private constant ORDER_TYPE = keccak256(abi.encode("ORDER_TYPE"));
    bytes32 private constant AUTO_CANCEL = keccak256(abi.encode("AUTO_CANCEL"));

    function positionKey(address account, address market, address collateral, bool isLong) internal pure returns (bytes32) {
        return keccak256(abi.encode(account, market, collateral, isLong));
    }

    /// @return keys of the account's positions, at most `limit`
    function positionKeys(IGmxDataStore store, address account, uint256 limit) internal view returns (bytes32[] memory keys) {
        return store.getBytes32ValuesAt(keccak256(abi.encode(ACCOUNT_POSITION_LIST, account)), 0, limit);
    }

    /// @return keys of the account's waiting orders, at most `limit`
    function orderKeys(IGmxDataStore store, address account, uint256 limit) internal view returns (bytes32[] memory keys) {
        return store.getBytes32ValuesAt(keccak256(abi.encode(ACCOUNT_ORDER_LIST, account)), 0, limit);
    }

    function orderCount(IGmxDataStore store, address account) internal view returns (uint256) {
        return store.getBytes32Count(keccak256(abi.encode(ACCOUNT_ORDER_LIST, account)));
    }

    /// @return Whether a waiting order would enlarge a position of `market`.
    function isIncrease(IGmxDataStore store, bytes32 key, address market) internal view returns (bool) {
        if (store.getAddress(_field(key, MARKET)) != market) return false;
        uint256 orderType = store.getUint(_field(key, ORDER_TYPE));
        if (orderType == GMX_STOP_INCREASE) return true;
        return orderType == GMX_MARKET_INCREASE || orderType == GMX_LIMIT_INCREASE;
    }

    function position(IGmxDataStore store, bytes32 key) internal view returns (GmxPosition memory) {
        return GmxPosition({
            market: store.getAddress(_field(key, MARKET)),
            collateral: store.getAddress(_field(key, COLLATERAL_TOKEN)),
            isLong: store.getBool(_field(key, IS_LONG)),
            sizeInUsd: store.getUint(_field(key, SIZE_IN_USD)),
            collateralAmount: store.getUint(_field(key, COLLATERAL_AMOUNT))
        });
    }

    function order(IGmxDataStore store, bytes32 key) internal view returns (GmxOrder memory) {
        return GmxOrder({
            account: store.getAddress(_field(key, ACCOUNT)),
            market: store.getAddress(_field(key, MARKET)),
            sizeDeltaUsd: store.getUint(_field(key, SIZE_DELTA_USD)),
            minOutputAmount: store.getUint(_field(key, MIN_OUTPUT_AMOUNT)),
            orderType: store.getUint(_field(key, ORDER_TYPE)),
            isLong: store.getBool(_field(key, IS_LONG)),
            autoCancel: store.getBool(_field(key, AUTO_CANCEL))
        });
    }

    function _field(bytes32 key, bytes32 name) private pure returns (bytes32) {
        return keccak256(abi.encode(key, name));
    }
}
