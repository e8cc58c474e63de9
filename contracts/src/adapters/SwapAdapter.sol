// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAdapter} from "../interfaces/IAdapter.sol";
import {ISwapRouter} from "../interfaces/ISwapRouter.sol";
import {PriceFeeds, TokenFeed} from "../prices/PriceFeeds.sol";
import {Call} from "../types/Call.sol";

/// @notice The typed operation; only its encoding is used, nobody implements it.
interface ISwapOperations {
    /// @param tokenOut what the Safe receives; the registry lists it as a recipient of the protocol
    /// @param tokenIn what the Safe pays
    /// @param fee the pool, in 1/1,000,000
    /// @param amountIn in tokenIn's smallest unit
    /// @param minOut the key's own minimum; the price feed's bound holds beside it
    function swap(address tokenOut, address tokenIn, uint24 fee, uint256 amountIn, uint256 minOut) external;
}

/// @title Exact-input swaps on a v3-style router, at a price the owner's policy bounds
/// @notice The minimum output is the feeds' price less the policy's maxSlippageBps. A stale feed refuses. The Safe receives.
contract SwapAdapter is IAdapter, PriceFeeds {
    /// @notice The adapter has no such operation.
    error UnknownOperation(bytes4 selector);
    /// @notice The fields have another length, or the slippage bounds nothing.
    error BadArguments();
    /// @notice A token is not swapped for itself.
    error SameToken(address token);

    uint256 private constant BPS = 10_000;
    /// @dev selector + five words
    uint256 private constant LENGTH = 164;

    /// @notice The one router that swaps go through.
    ISwapRouter public immutable router;

    /// @param router_ a v3-style router
    /// @param feeds the tokens that may be swapped, and their prices
    constructor(ISwapRouter router_, TokenFeed[] memory feeds) PriceFeeds(feeds) {
        router = router_;
    }

    /// @inheritdoc IAdapter
    function build(address safe, uint16 maxSlippageBps, bytes calldata args)
        external
        view
        returns (Call[] memory calls, address token, uint256 amount)
    {
        if (args.length != LENGTH) revert BadArguments();
        if (bytes4(args) != ISwapOperations.swap.selector) revert UnknownOperation(bytes4(args));
        (address tokenOut, address tokenIn, uint24 fee, uint256 amountIn, uint256 minOut) =
            abi.decode(args[4:], (address, address, uint24, uint256, uint256));
        if (tokenIn == tokenOut) revert SameToken(tokenIn);
        uint256 bound = minimumOut(tokenIn, tokenOut, amountIn, maxSlippageBps);
        calls = new Call[](2);
        calls[0] = Call(tokenIn, 0, abi.encodeCall(IERC20.approve, (address(router), amountIn)));
        calls[1] = Call(
            address(router),
            0,
            abi.encodeCall(
                ISwapRouter.exactInputSingle,
                ISwapRouter.ExactInputSingleParams({
                    tokenIn: tokenIn,
                    tokenOut: tokenOut,
                    fee: fee,
                    recipient: safe,
                    amountIn: amountIn,
                    amountOutMinimum: Math.max(minOut, bound),
                    sqrtPriceLimitX96: 0
                })
            )
        );
        return (calls, tokenIn, amountIn);
    }

    /// @notice The least the feeds let `amountIn` bring, in tokenOut's smallest unit, rounded up.
    /// @param maxSlippageBps in 1/100 of a percent; 10,000 or more bounds nothing and is refused
    function minimumOut(address tokenIn, address tokenOut, uint256 amountIn, uint16 maxSlippageBps)
        public
        view
        returns (uint256)
    {
        if (maxSlippageBps >= BPS) revert BadArguments();
        uint256 fair = Math.mulDiv(amountIn, _freshPrice(tokenIn), _freshPrice(tokenOut), Math.Rounding.Ceil);
        return Math.mulDiv(fair, BPS - maxSlippageBps, BPS, Math.Rounding.Ceil);
    }
}
