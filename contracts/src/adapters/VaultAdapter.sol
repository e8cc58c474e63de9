// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IAdapter} from "../interfaces/IAdapter.sol";
import {MetavaultRegistry} from "../registry/MetavaultRegistry.sol";
import {Call} from "../types/Call.sol";

/// @notice The typed operations; only their encoding is used, nobody implements them.
interface IVaultOperations {
    /// @notice The Safe gives `assets` of the vault's asset and receives shares.
    function deposit(address vault, uint256 assets) external;
    /// @notice The Safe gives `shares` back and receives assets.
    function redeem(address vault, uint256 shares) external;
}

/// @title ERC-4626 deposit and redeem with receiver = owner = Safe
contract VaultAdapter is IAdapter {
    /// @notice The adapter has no such operation.
    error UnknownOperation(bytes4 selector);
    /// @notice The fields have another length than the operation's.
    error BadArguments();

    /// @dev selector + two words
    uint256 private constant LENGTH = 68;

    /// @notice Where a Safe lists the vaults it deposits in.
    MetavaultRegistry public immutable metavaults;

    /// @param metavaults_ where Safes list their vaults
    constructor(MetavaultRegistry metavaults_) {
        metavaults = metavaults_;
    }

    /// @inheritdoc IAdapter
    function build(address safe, uint16, bytes calldata args)
        external
        view
        returns (Call[] memory calls, address token, uint256 amount)
    {
        if (args.length != LENGTH) revert BadArguments();
        bytes4 operation = bytes4(args);
        (address vault, uint256 quantity) = abi.decode(args[4:], (address, uint256));
        if (operation == IVaultOperations.deposit.selector) return _deposit(safe, vault, quantity);
        if (operation == IVaultOperations.redeem.selector) return (_redeem(safe, vault, quantity), address(0), 0);
        revert UnknownOperation(operation);
    }

    /// @dev The Safe lists the vault in the same operation, so that emergency close finds it with no database.
    function _deposit(address safe, address vault, uint256 assets)
        private
        view
        returns (Call[] memory calls, address token, uint256 amount)
    {
        token = IERC4626(vault).asset();
        amount = assets;
        bool known = metavaults.isRegistered(safe, vault);
        calls = new Call[](known ? 2 : 3);
        calls[0] = Call(token, 0, abi.encodeCall(IERC20.approve, (vault, assets)));
        calls[1] = Call(vault, 0, abi.encodeCall(IERC4626.deposit, (assets, safe)));
        if (!known) calls[2] = Call(address(metavaults), 0, abi.encodeCall(MetavaultRegistry.register, (vault)));
    }

    function _redeem(address safe, address vault, uint256 shares) private pure returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = Call(vault, 0, abi.encodeCall(IERC4626.redeem, (shares, safe, safe)));
    }
}
