// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ISwapOperations, SwapAdapter} from "../src/adapters/SwapAdapter.sol";
import {IPositionCloser} from "../src/interfaces/IPositionCloser.sol";
import {PriceFeeds, TokenFeed} from "../src/prices/PriceFeeds.sol";
import {SessionErrors} from "../src/module/SessionErrors.sol";
import {Policy} from "../src/types/Policy.sol";
import {GenesisRecipient, GenesisRule, RuleKind} from "../src/types/Rule.sol";
import {FeedDouble} from "./doubles/FeedDouble.sol";
import {SwapRouterDouble} from "./doubles/SwapRouterDouble.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {TestToken} from "./tokens/TestToken.sol";
import {vm} from "./support/Vm.sol";

/// @notice Swaps on a router double: USDC for ETH at 3,000, bounded by feeds and the policy's slippage.
contract SwapTest is SessionTest {
    TestToken private weth;
    FeedDouble private usdFeed;
    FeedDouble private ethFeed;
    SwapRouterDouble private router;
    SwapAdapter private swapper;

    function _closer() internal override returns (IPositionCloser) {
        weth = new TestToken("Wrapped Ether", "WETH", 18);
        router = new SwapRouterDouble();
        weth.mint(address(router), 1_000 ether);
        usdFeed = new FeedDouble(8, 1e8);
        ethFeed = new FeedDouble(8, 3_000e8);
        TokenFeed[] memory feeds = new TokenFeed[](2);
        feeds[0] = TokenFeed(address(token), usdFeed, 6, 1 days);
        feeds[1] = TokenFeed(address(weth), ethFeed, 18, 1 hours);
        swapper = SwapAdapter(_production("SwapAdapter", abi.encode(router, feeds)));
        _setRate(10_000);
        return IPositionCloser(address(0));
    }

    function _rules() internal view override returns (GenesisRule[] memory rules) {
        rules = new GenesisRule[](1);
        rules[0] = GenesisRule(address(swapper), ISwapOperations.swap.selector, 4, 0, 255, RuleKind.Adapter, 164);
    }

    function _recipients() internal view override returns (GenesisRecipient[] memory recipients) {
        recipients = new GenesisRecipient[](1);
        recipients[0] = GenesisRecipient(4, address(weth));
    }

    function test_a_swap_gives_the_safe_what_the_feeds_say() public {
        _swap(_swapPolicy(100), 300e6, 0);
        _assertEq(weth.balanceOf(address(safe)), 0.1 ether, "not at the feeds' price");
        _assertEq(token.allowance(address(safe), address(router)), 0, "an allowance outlived the operation");
    }

    function test_slippage_is_bounded_to_the_last_unit() public {
        Policy memory policy = _swapPolicy(100);
        _setRate(9_900);
        _swap(policy, 300e6, 0);
        _setRate(9_899);
        vm.expectRevert(_callFailed("Too little received"));
        _swap(policy, 300e6, 0);
    }

    function test_the_keys_own_minimum_counts_where_it_is_higher() public {
        Policy memory policy = _swapPolicy(100);
        vm.expectRevert(_callFailed("Too little received"));
        _swap(policy, 300e6, 0.1 ether + 1);
    }

    function test_a_stale_or_broken_feed_refuses() public {
        Policy memory policy = _swapPolicy(100);
        vm.warp(START + 1 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(PriceFeeds.StalePrice.selector, weth, START));
        _swap(policy, 1e6, 0);
        ethFeed.set(0);
        vm.expectRevert(abi.encodeWithSelector(PriceFeeds.BadPrice.selector, weth, int256(0)));
        _swap(policy, 1e6, 0);
    }

    function test_a_slippage_that_bounds_nothing_and_a_swap_into_itself_are_refused() public {
        Policy memory policy = _swapPolicy(10_000);
        vm.expectRevert(abi.encodeWithSelector(SwapAdapter.BadArguments.selector));
        _swap(policy, 1e6, 0);
    }

    function test_a_swap_is_one_operation_of_one_length_between_two_known_tokens() public {
        bytes memory args = abi.encodeCall(ISwapOperations.swap, (address(weth), address(token), 500, 1e6, 0));
        vm.expectRevert(abi.encodeWithSelector(SwapAdapter.BadArguments.selector));
        swapper.build(address(safe), 100, abi.encodePacked(args, uint8(0)));
        bytes memory other = abi.encodePacked(bytes4(0x01020304), new bytes(160));
        vm.expectRevert(abi.encodeWithSelector(SwapAdapter.UnknownOperation.selector, bytes4(0x01020304)));
        swapper.build(address(safe), 100, other);
        args = abi.encodeCall(ISwapOperations.swap, (address(token), address(token), 500, 1e6, 0));
        vm.expectRevert(abi.encodeWithSelector(SwapAdapter.SameToken.selector, token));
        swapper.build(address(safe), 100, args);
        vm.expectRevert(abi.encodeWithSelector(PriceFeeds.UnknownToken.selector, vault));
        swapper.minimumOut(address(vault), address(weth), 1, 100);
    }

    function test_the_least_a_swap_brings_is_rounded_up() public {
        _assertEq(swapper.minimumOut(address(token), address(weth), 1, 0), 333_333_334, "not rounded up");
        _assertEq(swapper.minimumOut(address(token), address(weth), 300e6, 100), 0.099 ether, "not the bound");
        _assertEq(swapper.minimumOut(address(token), address(weth), 1, 9_999), 33_334, "not rounded up twice");
        for (uint16 bps = 10_000; bps < 10_002; ++bps) {
            vm.expectRevert(abi.encodeWithSelector(SwapAdapter.BadArguments.selector));
            swapper.minimumOut(address(token), address(weth), 1, bps);
        }
    }

    function _swapPolicy(uint16 bps) private returns (Policy memory policy) {
        policy = _policy();
        (policy.protocolMask, policy.maxSlippageBps) = (1 << 4, bps);
        _arm(policy);
    }

    function _swap(Policy memory policy, uint256 amountIn, uint256 minOut) private {
        bytes memory args =
            abi.encodeCall(ISwapOperations.swap, (address(weth), address(token), 500, amountIn, minOut));
        vm.prank(keyAddress);
        module.execAdapter(policy, address(swapper), args, new bytes32[](0));
    }

    /// @dev 1 USDC unit is 1e18 / 3_000e6 wei at 10,000 bps.
    function _setRate(uint256 bps) private {
        router.setRate(address(token), address(weth), 1e18 * bps, 3_000e6 * 10_000);
    }

    function _callFailed(string memory reason) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SessionErrors.CallFailed.selector, _safeReason(reason));
    }

    /// @dev A Safe passes on what its call reverted with.
    function _safeReason(string memory reason) private pure returns (bytes memory) {
        return abi.encodeWithSignature("Error(string)", reason);
    }
}
