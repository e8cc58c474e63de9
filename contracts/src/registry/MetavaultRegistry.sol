// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Getter} from "../lib/Getter.sol";

/// @notice One ERC-4626 holding: `shares` of `vault`.
struct Position {
    address vault;
    uint256 shares;
}

/// @title Which ERC-4626 vaults a Safe uses, kept by the Safe itself
/// @notice With this list a stranger holding nothing but an RPC endpoint finds every position of a Safe.
///         No owner, no governance: only a Safe changes its own list. VaultAdapter adds a vault at the first deposit.
contract MetavaultRegistry {
    /// @notice Keeps emergency close inside one block whatever a session did before.
    uint256 public constant MAX_VAULTS = 32;
    /// @dev A vault that burns gas in balanceOf must not stop the others from being closed.
    uint256 private constant BALANCE_GAS = 200_000;

    /// @notice The list is full: unregister one first.
    error TooManyVaults(address safe);
    /// @notice The Safe's list has no such vault.
    error NotRegistered(address safe, address vault);

    /// @notice The Safe uses this vault from now on.
    event Registered(address indexed safe, address indexed vault);
    /// @notice The Safe took the vault off its list; what it holds there is not looked for any more.
    event Unregistered(address indexed safe, address indexed vault);

    address[] private _safes;
    mapping(address safe => address[]) private _vaults;
    /// @dev Index plus one, so that 0 means absent.
    mapping(address safe => mapping(address vault => uint256)) private _position;
    mapping(address safe => bool) private _known;

    /// @notice Adds `vault` to the calling Safe's list; adding it again changes nothing.
    function register(address vault) external {
        if (_position[msg.sender][vault] != 0) return;
        address[] storage list = _vaults[msg.sender];
        if (list.length >= MAX_VAULTS) revert TooManyVaults(msg.sender);
        if (!_known[msg.sender]) {
            _known[msg.sender] = true;
            _safes.push(msg.sender);
        }
        list.push(vault);
        _position[msg.sender][vault] = list.length;
        emit Registered(msg.sender, vault);
    }

    /// @notice Removes `vault` from the calling Safe's list; the last entry takes its place.
    function unregister(address vault) external {
        uint256 position = _position[msg.sender][vault];
        if (position == 0) revert NotRegistered(msg.sender, vault);
        address[] storage list = _vaults[msg.sender];
        address last = list[list.length - 1];
        list[position - 1] = last;
        _position[msg.sender][last] = position;
        list.pop();
        delete _position[msg.sender][vault];
        emit Unregistered(msg.sender, vault);
    }

    /// @return Whether the vault is on the Safe's list.
    function isRegistered(address safe, address vault) external view returns (bool) {
        return _position[safe][vault] != 0;
    }

    /// @notice Number of Safes that ever registered a vault.
    function safeCount() external view returns (uint256) {
        return _safes.length;
    }

    /// @return The Safe that was the `index`-th to register, from 0.
    function safeAt(uint256 index) external view returns (address) {
        return _safes[index];
    }

    /// @return Length of the Safe's list, at most MAX_VAULTS.
    function vaultCount(address safe) external view returns (uint256) {
        return _vaults[safe].length;
    }

    /// @return The vault at `index` of the Safe's list, from 0. Places change when one is removed.
    function vaultAt(address safe, uint256 index) external view returns (address) {
        return _vaults[safe][index];
    }

    /// @notice Every vault of the Safe's list, with the shares it holds now.
    /// @dev Vaults with no shares are listed too (their allowances are cleared by emergency close). A vault that does not
    ///      answer is listed with 0 shares.
    function positionsOf(address safe) external view returns (Position[] memory positions) {
        address[] storage list = _vaults[safe];
        positions = new Position[](list.length);
        for (uint256 i; i < positions.length; ++i) {
            positions[i] = Position(list[i], _shares(list[i], safe));
        }
    }

    function _shares(address vault, address safe) private view returns (uint256 shares) {
        (, shares) = Getter.word(vault, BALANCE_GAS, abi.encodeCall(IERC20.balanceOf, (safe)), 0);
    }
}
