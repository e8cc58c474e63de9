// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The part of Safe (1.3.0 and later) this system calls.
interface ISafe {
    /// @notice Makes the Safe call, for a module that is enabled. Operation 0 is CALL; this system never sends another.
    function execTransactionFromModuleReturnData(address to, uint256 value, bytes memory data, uint8 operation)
        external
        returns (bool success, bytes memory returnData);
    /// @return Whether the Safe obeys the module.
    function isModuleEnabled(address module) external view returns (bool);
    /// @return Whether the account is one of the Safe's owners.
    function isOwner(address owner) external view returns (bool);
    /// @return How many owners must sign.
    function getThreshold() external view returns (uint256);
}
