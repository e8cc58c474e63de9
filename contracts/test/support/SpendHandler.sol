// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionModule} from "../../src/SessionModule.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {TestToken} from "../tokens/TestToken.sol";
import {vm} from "./Vm.sol";

/// @notice Random uses and time jumps by one session; remembers every success so that windows can be summed afterwards.
contract SpendHandler {
    struct Spent {
        uint256 at;
        uint256 amount;
    }

    SessionModule private immutable module;
    TestToken private immutable token;
    address private immutable recipient;
    bytes private encoded;
    uint256 private clock;
    Spent[] public history;
    uint256 public rateRefusals;
    uint256 public budgetRefusals;

    constructor(SessionModule module_, TestToken token_, address recipient_, Policy memory policy_) {
        (module, token, recipient, clock) = (module_, token_, recipient_, block.timestamp);
        encoded = abi.encode(policy_);
    }

    /// @dev Jumps are small or land next to a window's edge, where mistakes live.
    function spend(uint256 amount, uint256 jump) external {
        Policy memory policy = abi.decode(encoded, (Policy));
        clock += jump % 12 == 0 ? policy.rateWindow - 1 + (jump / 12) % 3 : jump % (policy.rateWindow / 20);
        vm.warp(clock);
        amount = 1 + amount % 150e6;
        Call memory call = Call(address(token), 0, abi.encodeCall(token.transfer, (recipient, amount)));
        vm.prank(policy.key);
        try module.exec(policy, call, new bytes32[](0)) {
            history.push(Spent(clock, amount));
        } catch (bytes memory reason) {
            if (bytes4(reason) == bytes4(keccak256("RateLimited(uint40)"))) ++rateRefusals;
            else if (bytes4(reason) == bytes4(keccak256("LimitExceeded(address,uint256,uint256)"))) ++budgetRefusals;
            else revert("refused for another reason");
        }
    }

    function count() external view returns (uint256) {
        return history.length;
    }
}
