// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The few cheat codes these tests use.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function deal(address account, uint256 balance) external;
    function expectRevert(bytes calldata reason) external;
    function expectRevert() external;
    function getCode(string calldata path) external view returns (bytes memory);
    function prank(address sender) external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 time) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
