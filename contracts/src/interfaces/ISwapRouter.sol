// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The part of a v3-style swap router (Uniswap's SwapRouter02 and its forks) this system calls.
interface ISwapRouter {
    /// @notice One swap in one pool. sqrtPriceLimitX96 0 is no limit beside amountOutMinimum.
    struct ExactInputSingleParams {
        address tokenIn;
        address tokenOut;
        uint24 fee;
        address recipient;
        uint256 amountIn;
        uint256 amountOutMinimum;
        uint160 sqrtPriceLimitX96;
    }

    /// @notice Takes amountIn of msg.sender, by its allowance, and pays `recipient`.
    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut);
}
