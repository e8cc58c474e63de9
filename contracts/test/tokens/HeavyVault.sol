// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TestVault} from "./TestVault.sol";

/// @notice Test double: a vault whose redeem costs as much gas as it is told, or answers with as many bytes as it is told.
contract HeavyVault is TestVault {
    uint256 private rounds;
    uint256 private bomb;

    constructor(IERC20 asset_) TestVault(asset_, "Heavy", "H") {}

    function setRounds(uint256 rounds_) external {
        rounds = rounds_;
    }

    function setBomb(uint256 bytes_) external {
        bomb = bytes_;
    }

    function redeem(uint256 shares, address receiver, address owner) public override returns (uint256) {
        bytes32 hash;
        for (uint256 i; i < rounds; ++i) hash = keccak256(abi.encode(hash));
        if (bomb != 0) {
            uint256 length = bomb;
            assembly ("memory-safe") {
                revert(0, length)
            }
        }
        return super.redeem(shares, receiver, owner);
    }
}

/// @notice Test double: a recipient of native value that answers with as many bytes as it is told.
contract BombRecipient {
    uint256 private immutable length;
    bool private immutable refuses;

    constructor(uint256 length_, bool refuses_) {
        (length, refuses) = (length_, refuses_);
    }

    receive() external payable {
        (uint256 size, bool bad) = (length, refuses);
        assembly ("memory-safe") {
            if bad { revert(0, size) }
            return(0, size)
        }
    }
}
