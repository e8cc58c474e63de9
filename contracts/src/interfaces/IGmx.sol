// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The order parameters of GMX v2's ExchangeRouter, as its published ABI has them (createOrder is 0xf59c48eb).
struct GmxOrderAddresses {
    address receiver;
    address cancellationReceiver;
    address callbackContract;
    address uiFeeReceiver;
    address market;
    address initialCollateralToken;
    address[] swapPath;
}

/// @dev USD amounts have 30 decimals, prices are USD with 30 decimals per smallest unit of the index token.
struct GmxOrderNumbers {
    uint256 sizeDeltaUsd;
    uint256 initialCollateralDeltaAmount;
    uint256 triggerPrice;
    uint256 acceptablePrice;
    uint256 executionFee;
    uint256 callbackGasLimit;
    uint256 minOutputAmount;
    uint256 validFromTime;
}

/// @notice One order, as createOrder takes it.
struct GmxOrderParams {
    GmxOrderAddresses addresses;
    GmxOrderNumbers numbers;
    uint8 orderType;
    uint8 decreasePositionSwapType;
    bool isLong;
    bool shouldUnwrapNativeToken;
    bool autoCancel;
    bytes32 referralCode;
    bytes32[] dataList;
}

// Values of GMX's order type that this system creates or meets.
uint8 constant GMX_MARKET_INCREASE = 2;
uint8 constant GMX_LIMIT_INCREASE = 3;
uint8 constant GMX_MARKET_DECREASE = 4;
uint8 constant GMX_LIMIT_DECREASE = 5;
uint8 constant GMX_STOP_LOSS_DECREASE = 6;
uint8 constant GMX_STOP_INCREASE = 8;

/// @notice The part of GMX v2's ExchangeRouter this system calls. It takes msg.sender as the account.
interface IGmxExchangeRouter {
    /// @notice Runs each encoded call in turn, all as msg.sender.
    function multicall(bytes[] calldata data) external payable returns (bytes[] memory results);
    /// @notice Sends wrapped native token, from the value of the call.
    function sendWnt(address receiver, uint256 amount) external payable;
    /// @notice Sends tokens of msg.sender, by its allowance for the router.
    function sendTokens(address token, address receiver, uint256 amount) external payable;
    /// @notice Creates an order of msg.sender from what was sent to the order vault before.
    function createOrder(GmxOrderParams calldata params) external payable returns (bytes32 key);
    /// @notice Changes a waiting order of msg.sender.
    function updateOrder(
        bytes32 key,
        uint256 sizeDeltaUsd,
        uint256 acceptablePrice,
        uint256 triggerPrice,
        uint256 minOutputAmount,
        uint256 validFromTime,
        bool autoCancel
    ) external payable;
    /// @notice Cancels a waiting order of msg.sender; what it holds goes to its cancellation receiver.
    function cancelOrder(bytes32 key) external payable;
}

/// @notice GMX v2's DataStore: positions and orders field by field, the same across its versions.
interface IGmxDataStore {
    /// @return The number kept under `key`; 0 when there is none.
    function getUint(bytes32 key) external view returns (uint256);
    /// @return The address kept under `key`; 0 when there is none.
    function getAddress(bytes32 key) external view returns (address);
    /// @return The flag kept under `key`.
    function getBool(bytes32 key) external view returns (bool);
    /// @return How many keys the set has.
    function getBytes32Count(bytes32 setKey) external view returns (uint256);
    /// @return The set's keys from `start` up to `end`, or to its last one.
    function getBytes32ValuesAt(bytes32 setKey, uint256 start, uint256 end) external view returns (bytes32[] memory);
}
