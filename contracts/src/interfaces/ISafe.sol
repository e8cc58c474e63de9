// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The part of Safe (1.3.0 and later) this system calls.
interface ISafe {
    function execTransactionFromModuleReturnData(address to, uint256 value, bytes memory data, uint8 operation)
        external
        returns (bool success, bytes memory returnData);
    function isModuleEnabled(address module) external view returns (bool);
    function isOwner(address owner) external view returns (bool);
    function getThreshold() external view returns (uint256);
}
