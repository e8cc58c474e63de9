// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Policy} from "../src/types/Policy.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {SpendHandler} from "./support/SpendHandler.sol";

/// @notice No window, wherever it starts, holds more operations or more value than the policy says.
contract WindowsInvariantTest is SessionTest {
    SpendHandler private spender;

    function setUp() public override {
        super.setUp();
        Policy memory policy = _policy();
        policy.validUntil = START + 365 days;
        (policy.rateWindow, policy.budgetWindow, policy.maxOps) = (1 hours, 1 hours, 8);
        policy.limits[0].perPeriod = 500e6;
        _arm(policy);
        spender = new SpendHandler(module, token, RECIPIENT, policy);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(spender);
    }

    function invariant_no_window_exceeds_the_policy() external view {
        uint256 length = spender.count();
        for (uint256 i; i < length; ++i) {
            (uint256 start,) = spender.history(i);
            (uint256 operations, uint256 total) = (0, 0);
            for (uint256 j = i; j < length; ++j) {
                (uint256 at, uint256 amount) = spender.history(j);
                if (at >= start + 1 hours) break;
                (operations, total) = (operations + 1, total + amount);
            }
            _assert(operations <= 8, "too many operations in a window");
            _assert(total <= 500e6, "too much value in a window");
        }
    }

    /// @dev A run in which nothing succeeded, or a limit was never met, has shown nothing.
    function afterInvariant() external view {
        _assert(spender.count() > 0, "no operation ever succeeded");
        _assert(spender.rateRefusals() + spender.budgetRefusals() > 0, "no limit was ever met");
    }
}
