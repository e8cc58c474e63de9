// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IGmxDataStore} from "../../src/interfaces/IGmx.sol";

/// @notice TEST DOUBLE of the wrapped native token.
contract WrappedNativeDouble is ERC20("Wrapped Ether", "WETH") {
    function deposit() external payable {
        _mint(msg.sender, msg.value);
    }
}

/// @notice Only the exchange that made it may write.
abstract contract ExchangePart {
    address internal immutable exchange = msg.sender;

    modifier onlyExchange() {
        require(msg.sender == exchange, "Unauthorized");
        _;
    }
}

/// @notice TEST DOUBLE of GMX's Router: the one contract an account approves; it moves tokens for the exchange only.
contract GmxRouterDouble is ExchangePart {
    function pluginTransfer(address token, address account, address receiver, uint256 amount) external onlyExchange {
        require(IERC20(token).transferFrom(account, receiver, amount), "transfer failed");
    }
}

/// @notice TEST DOUBLE of GMX's OrderVault: what came in since the last record belongs to the order being created.
contract GmxOrderVaultDouble is ExchangePart {
    mapping(address token => uint256) private _recorded;

    function recordTransferIn(address token) external onlyExchange returns (uint256 amount) {
        uint256 balance = IERC20(token).balanceOf(address(this));
        amount = balance - _recorded[token];
        _recorded[token] = balance;
    }

    function transferOut(address token, address receiver, uint256 amount) external onlyExchange {
        require(IERC20(token).transfer(receiver, amount), "transfer failed");
        _recorded[token] = IERC20(token).balanceOf(address(this));
    }
}

/// @notice TEST DOUBLE of GMX's DataStore, with the getters of its published ABI.
contract GmxDataStoreDouble is IGmxDataStore, ExchangePart {
    mapping(bytes32 key => uint256) public getUint;
    mapping(bytes32 key => address) public getAddress;
    mapping(bytes32 key => bool) public getBool;
    mapping(bytes32 setKey => bytes32[]) private _sets;

    function setUint(bytes32 key, uint256 value) external onlyExchange {
        getUint[key] = value;
    }

    function setAddress(bytes32 key, address value) external onlyExchange {
        getAddress[key] = value;
    }

    function setBool(bytes32 key, bool value) external onlyExchange {
        getBool[key] = value;
    }

    function add(bytes32 setKey, bytes32 value) external onlyExchange {
        bytes32[] storage list = _sets[setKey];
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == value) return;
        }
        list.push(value);
    }

    function remove(bytes32 setKey, bytes32 value) external onlyExchange {
        bytes32[] storage list = _sets[setKey];
        for (uint256 i; i < list.length; ++i) {
            if (list[i] != value) continue;
            list[i] = list[list.length - 1];
            list.pop();
            return;
        }
    }

    function getBytes32Count(bytes32 setKey) external view returns (uint256) {
        return _sets[setKey].length;
    }

    function getBytes32ValuesAt(bytes32 setKey, uint256 start, uint256 end) external view returns (bytes32[] memory values) {
        bytes32[] storage list = _sets[setKey];
        if (end > list.length) end = list.length;
        values = new bytes32[](end > start ? end - start : 0);
        for (uint256 i; i < values.length; ++i) {
            values[i] = list[start + i];
        }
    }
}
