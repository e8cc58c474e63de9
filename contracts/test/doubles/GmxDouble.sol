// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import "../../src/interfaces/IGmx.sol";
import {GmxDataStoreDouble, GmxOrderVaultDouble, GmxRouterDouble, WrappedNativeDouble} from "./GmxParts.sol";

/// @notice TEST DOUBLE of GMX v2's ExchangeRouter: its published ABI (createOrder 0xf59c48eb) and its rules of authority:
///         msg.sender is the account, fees and collateral must have arrived in the order vault, only the account may change or
///         cancel its order. Prices come from whoever plays the keeper; profit, loss and fees are left out.
/// @dev GMX's licence keeps its source out of this repository; nothing here is copied from it.
contract GmxDouble is IGmxExchangeRouter {
    GmxDataStoreDouble public immutable dataStore = new GmxDataStoreDouble();
    GmxRouterDouble public immutable router = new GmxRouterDouble();
    GmxOrderVaultDouble public immutable orderVault = new GmxOrderVaultDouble();
    WrappedNativeDouble public immutable wnt = new WrappedNativeDouble();
    uint256 public immutable minExecutionFee;

    error Unauthorized(address caller, string role);
    error EmptyOrder();
    error InsufficientExecutionFee(uint256 minimum, uint256 fee);
    error InsufficientWntAmountForExecutionFee(uint256 arrived, uint256 fee);

    event OrderCreated(bytes32 indexed key, address indexed account, GmxOrderParams params);
    event OrderUpdated(bytes32 indexed key, uint256 sizeDeltaUsd, uint256 acceptablePrice, uint256 triggerPrice);
    event OrderCancelled(bytes32 indexed key, address indexed account);
    event OrderExecuted(bytes32 indexed key, address indexed account, uint256 price);

    uint256 private _nonce;
    mapping(bytes32 key => GmxOrderParams) private _orders;

    constructor(uint256 minExecutionFee_) {
        minExecutionFee = minExecutionFee_;
    }

    /// @dev As in the original, by delegatecall to itself: msg.sender stays the account.
    function multicall(bytes[] calldata data) external payable returns (bytes[] memory results) {
        results = new bytes[](data.length);
        for (uint256 i; i < data.length; ++i) {
            (bool ok, bytes memory answer) = address(this).delegatecall(data[i]);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
            results[i] = answer;
        }
    }

    function sendWnt(address receiver, uint256 amount) external payable {
        wnt.deposit{value: amount}();
        wnt.transfer(receiver, amount);
    }

    function sendTokens(address token, address receiver, uint256 amount) external payable {
        router.pluginTransfer(token, msg.sender, receiver, amount);
    }

    function createOrder(GmxOrderParams calldata params) external payable returns (bytes32 key) {
        GmxOrderParams memory order = params;
        if (params.orderType == GMX_MARKET_INCREASE && params.addresses.initialCollateralToken != address(wnt)) {
            order.numbers.initialCollateralDeltaAmount =
                orderVault.recordTransferIn(params.addresses.initialCollateralToken);
        }
        uint256 arrived = orderVault.recordTransferIn(address(wnt));
        if (arrived < order.numbers.executionFee) {
            revert InsufficientWntAmountForExecutionFee(arrived, order.numbers.executionFee);
        }
        if (order.numbers.executionFee < minExecutionFee) {
            revert InsufficientExecutionFee(minExecutionFee, order.numbers.executionFee);
        }
        key = keccak256(abi.encode(address(dataStore), ++_nonce));
        _orders[key] = order;
        _writeOrder(key, msg.sender, order);
        emit OrderCreated(key, msg.sender, order);
    }

    function updateOrder(
        bytes32 key,
        uint256 sizeDeltaUsd,
        uint256 acceptablePrice,
        uint256 triggerPrice,
        uint256 minOutputAmount,
        uint256,
        bool
    ) external payable {
        if (_account(key) != msg.sender) revert Unauthorized(msg.sender, "account for updateOrder");
        GmxOrderNumbers storage numbers = _orders[key].numbers;
        (numbers.sizeDeltaUsd, numbers.acceptablePrice, numbers.triggerPrice, numbers.minOutputAmount) =
            (sizeDeltaUsd, acceptablePrice, triggerPrice, minOutputAmount);
        dataStore.setUint(_field(key, "SIZE_DELTA_USD"), sizeDeltaUsd);
        emit OrderUpdated(key, sizeDeltaUsd, acceptablePrice, triggerPrice);
    }

    function cancelOrder(bytes32 key) external payable {
        address account = _account(key);
        if (account == address(0)) revert EmptyOrder();
        if (account != msg.sender) revert Unauthorized(msg.sender, "account for cancelOrder");
        _cancel(key, account);
    }

    /// @notice Plays the keeper: fills an order at `price`, or cancels it when the price is not acceptable.
    function executeOrder(bytes32 key, uint256 price) external {
        address account = _account(key);
        if (account == address(0)) revert EmptyOrder();
        GmxOrderParams memory order = _orders[key];
        bool increases = order.orderType == GMX_MARKET_INCREASE;
        bool buys = order.isLong == increases;
        if (buys ? price > order.numbers.acceptablePrice : price < order.numbers.acceptablePrice) {
            return _cancel(key, account);
        }
        _forget(key, account);
        if (increases) _increase(account, order);
        else _decrease(account, order);
        emit OrderExecuted(key, account, price);
    }

    /// @notice The parameters of a waiting order.
    function orderOf(bytes32 key) external view returns (GmxOrderParams memory) {
        return _orders[key];
    }

    function _increase(address account, GmxOrderParams memory order) private {
        bytes32 key = _positionKey(account, order);
        (uint256 size, uint256 collateral) = _sizes(key);
        dataStore.add(_list("ACCOUNT_POSITION_LIST", account), key);
        dataStore.setAddress(_field(key, "ACCOUNT"), account);
        dataStore.setAddress(_field(key, "MARKET"), order.addresses.market);
        dataStore.setAddress(_field(key, "COLLATERAL_TOKEN"), order.addresses.initialCollateralToken);
        dataStore.setBool(_field(key, "IS_LONG"), order.isLong);
        _setSizes(key, size + order.numbers.sizeDeltaUsd, collateral + order.numbers.initialCollateralDeltaAmount);
    }

    /// @dev Reduce-only; closing all of the size returns all of the collateral.
    function _decrease(address account, GmxOrderParams memory order) private {
        bytes32 key = _positionKey(account, order);
        (uint256 size, uint256 collateral) = _sizes(key);
        bool all = order.numbers.sizeDeltaUsd >= size;
        uint256 out = all ? collateral : order.numbers.initialCollateralDeltaAmount;
        _setSizes(key, all ? 0 : size - order.numbers.sizeDeltaUsd, collateral - out);
        if (all) dataStore.remove(_list("ACCOUNT_POSITION_LIST", account), key);
        if (out != 0) orderVault.transferOut(order.addresses.initialCollateralToken, order.addresses.receiver, out);
    }

    function _cancel(bytes32 key, address account) private {
        GmxOrderParams memory order = _orders[key];
        _forget(key, account);
        if (order.orderType == GMX_MARKET_INCREASE && order.numbers.initialCollateralDeltaAmount != 0) {
            orderVault.transferOut(
                order.addresses.initialCollateralToken,
                order.addresses.cancellationReceiver,
                order.numbers.initialCollateralDeltaAmount
            );
        }
        emit OrderCancelled(key, account);
    }

    function _writeOrder(bytes32 key, address account, GmxOrderParams memory order) private {
        dataStore.add(_list("ACCOUNT_ORDER_LIST", account), key);
        dataStore.setAddress(_field(key, "ACCOUNT"), account);
        dataStore.setAddress(_field(key, "MARKET"), order.addresses.market);
        dataStore.setUint(_field(key, "ORDER_TYPE"), order.orderType);
        dataStore.setUint(_field(key, "SIZE_DELTA_USD"), order.numbers.sizeDeltaUsd);
        dataStore.setUint(_field(key, "MIN_OUTPUT_AMOUNT"), order.numbers.minOutputAmount);
        dataStore.setBool(_field(key, "IS_LONG"), order.isLong);
        dataStore.setBool(_field(key, "AUTO_CANCEL"), order.autoCancel);
    }

    function _forget(bytes32 key, address account) private {
        dataStore.remove(_list("ACCOUNT_ORDER_LIST", account), key);
        dataStore.setAddress(_field(key, "ACCOUNT"), address(0));
        delete _orders[key];
    }

    function _account(bytes32 key) private view returns (address) {
        return dataStore.getAddress(_field(key, "ACCOUNT"));
    }

    function _sizes(bytes32 key) private view returns (uint256 size, uint256 collateral) {
        return (dataStore.getUint(_field(key, "SIZE_IN_USD")), dataStore.getUint(_field(key, "COLLATERAL_AMOUNT")));
    }

    function _setSizes(bytes32 key, uint256 size, uint256 collateral) private {
        dataStore.setUint(_field(key, "SIZE_IN_USD"), size);
        dataStore.setUint(_field(key, "COLLATERAL_AMOUNT"), collateral);
    }

    function _positionKey(address account, GmxOrderParams memory order) private pure returns (bytes32) {
        return keccak256(
            abi.encode(account, order.addresses.market, order.addresses.initialCollateralToken, order.isLong)
        );
    }

    function _field(bytes32 key, string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(key, keccak256(abi.encode(name))));
    }

    function _list(string memory name, address account) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(name)), account));
    }
}
