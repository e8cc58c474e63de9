// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../src/module/SessionErrors.sol";
import {Policy} from "../src/types/Policy.sol";
import {AttackTest} from "./support/AttackTest.sol";
import {SafeDouble} from "./tokens/OddVaults.sol";

/// @notice What the module makes of a Safe's answer when a use fails: the reason, to the byte, whatever form it came in.
contract SafeAnswersTest is AttackTest {
    function test_the_reason_of_a_failed_use_is_passed_on_to_the_byte() public {
        bytes memory long = new bytes(2_000);
        long[1_023] = 0x01;
        bytes memory cut = new bytes(1_024);
        cut[1_023] = 0x01;
        _fails(abi.encode(false, bytes("no")), false, "no");
        _fails(abi.encode(false, long), false, cut);
        _fails("", false, "");
        _fails(abi.encode(uint256(1), 64), false, abi.encode(uint256(1), 64));
        _fails("", true, "");
        _fails("refused", true, "refused");
        _fails(abi.encodeWithSignature("Error(string)", "a guard says no"), true, abi.encodeWithSignature("Error(string)", "a guard says no"));
        _fails(long, true, cut);
    }

    function test_only_true_is_success() public {
        _fails(abi.encode(uint256(2), 64, 32, 1), false, abi.encode(1));
        Policy memory policy = _armedFor(abi.encode(true, abi.encode(true)), false);
        _pay(policy, 1);
    }

    function _fails(bytes memory answer, bool refuses, bytes memory reason) private {
        Policy memory policy = _armedFor(answer, refuses);
        _payRefused(policy, 1, abi.encodeWithSelector(SessionErrors.CallFailed.selector, reason));
    }

    function _armedFor(bytes memory answer, bool refuses) private returns (Policy memory policy) {
        SafeDouble double = new SafeDouble();
        double.tell(answer, refuses);
        policy = _policy();
        policy.safe = address(double);
        _arm(policy);
    }
}
