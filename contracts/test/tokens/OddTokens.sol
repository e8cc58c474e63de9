// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {TestToken} from "./TestToken.sol";

/// @notice Test doubles of ERC-20s as they are met on real chains. Their `transfer` and `approve` behave oddly; for tests only.

/// @dev Moves nothing, reverts nothing, answers false.
contract FalseToken is TestToken("False", "F", 6) {
    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }

    function approve(address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @dev Answers the word 2: true to a lax reader, not to a strict one.
contract TwoToken is TestToken("Two", "T", 6) {
    function transfer(address to, uint256 amount) public override returns (bool) {
        super.transfer(to, amount);
        assembly ("memory-safe") {
            mstore(0, 2)
            return(0, 32)
        }
    }
}

/// @dev Answers nothing at all, as old tokens do.
contract SilentToken is TestToken("Silent", "S", 6) {
    function transfer(address to, uint256 amount) public override returns (bool) {
        super.transfer(to, amount);
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}

/// @dev Keeps a tenth of every transfer.
contract FeeToken is TestToken("Fee", "FEE", 6) {
    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) ? 0 : amount / 10;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0xFEE), fee);
    }
}

/// @dev Balances shrink by half when told to.
contract RebasingToken is TestToken("Rebase", "R", 6) {
    bool private halved;

    function halve() external {
        halved = true;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return halved ? super.balanceOf(account) / 2 : super.balanceOf(account);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, halved ? amount * 2 : amount);
    }
}

/// @dev Calls back into whoever it was told to, in the middle of a transfer, and remembers what came of it.
contract CallbackToken is TestToken("Callback", "C", 6) {
    address private target;
    bytes private message;
    bool public succeeded;
    bytes public answer;

    function prepare(address target_, bytes calldata message_) external {
        (target, message) = (target_, message_);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (target != address(0)) (succeeded, answer) = target.call(message);
        return super.transfer(to, amount);
    }
}
