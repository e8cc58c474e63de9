// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISwapRouter} from "../../src/interfaces/ISwapRouter.sol";

/// @notice TEST DOUBLE of a v3 swap router: its published ABI, paying from its own balance at a rate that anybody may set.
contract SwapRouterDouble is ISwapRouter {
    struct Rate {
        uint256 numerator;
        uint256 denominator;
    }

    mapping(address tokenIn => mapping(address tokenOut => Rate)) public rates;

    /// @notice amountOut = amountIn * numerator / denominator, in smallest units.
    function setRate(address tokenIn, address tokenOut, uint256 numerator, uint256 denominator) external {
        rates[tokenIn][tokenOut] = Rate(numerator, denominator);
    }

    /// @dev As in the original: the payer is msg.sender, the recipient is an argument.
    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut) {
        Rate memory rate = rates[params.tokenIn][params.tokenOut];
        amountOut = params.amountIn * rate.numerator / rate.denominator;
        require(amountOut >= params.amountOutMinimum, "Too little received");
        require(IERC20(params.tokenIn).transferFrom(msg.sender, address(this), params.amountIn), "STF");
        require(IERC20(params.tokenOut).transfer(params.recipient, amountOut), "ST");
    }
}
