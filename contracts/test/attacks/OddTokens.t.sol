// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";
import {FalseToken, FeeToken, RebasingToken, SilentToken, TwoToken} from "../tokens/OddTokens.sol";
import {TestToken} from "../tokens/TestToken.sol";

/// @notice ERC-20s that do not do as the standard says.
contract OddTokenAttacks is AttackTest {
    function test_a_token_that_answers_false_reverts_the_whole_operation() public {
        TestToken odd = new FalseToken();
        Policy memory policy = _withToken(odd);
        _refused(policy, odd, abi.encodeWithSelector(SessionErrors.ReturnedFalse.selector, odd));
        _assertEq(_left(policy, address(odd)), 1_000e6, "a transfer that did not happen cost budget");
        _assertEq(_opsLeft(policy), 10, "a transfer that did not happen cost an operation");
    }

    function test_a_token_that_answers_neither_true_nor_nothing_is_refused() public {
        TestToken odd = new TwoToken();
        _refused(_withToken(odd), odd, abi.encodeWithSelector(SessionErrors.ReturnedFalse.selector, odd));
        _assertEq(odd.balanceOf(RECIPIENT), 0, "the refused transfer stayed");
    }

    function test_a_token_that_answers_nothing_is_accepted() public {
        TestToken odd = new SilentToken();
        Policy memory policy = _withToken(odd);
        _exec(policy, _pays(odd, 7));
        _assertEq(odd.balanceOf(RECIPIENT), 7, "the transfer did not happen");
        _assertEq(_left(policy, address(odd)), 1_000e6 - 7, "the transfer was not counted");
    }

    function test_a_token_without_code_is_no_silent_success() public {
        TestToken odd = TestToken(address(0x70CE));
        _listToken(address(odd));
        Policy memory policy = _followingWith(address(odd));
        _arm(policy);
        _refused(policy, odd, abi.encodeWithSelector(SessionErrors.ReturnedFalse.selector, odd));
    }

    function test_a_fee_is_part_of_what_the_budget_counts() public {
        TestToken odd = new FeeToken();
        Policy memory policy = _withToken(odd);
        _exec(policy, _pays(odd, 100));
        _assertEq(odd.balanceOf(RECIPIENT), 90, "the fee was not taken");
        _assertEq(_left(policy, address(odd)), 1_000e6 - 100, "the fee was not counted");
    }

    function test_a_rebase_between_uses_changes_no_limit() public {
        RebasingToken odd = new RebasingToken();
        Policy memory policy = _withToken(odd);
        _exec(policy, _pays(odd, 300e6));
        odd.halve();
        _exec(policy, _pays(odd, 300e6));
        _exec(policy, _pays(odd, 300e6));
        _refused(
            policy,
            odd,
            300e6,
            abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, odd, 300e6, 100e6)
        );
    }

    function test_an_approve_that_answers_false_reverts_the_batch() public {
        TestToken odd = new FalseToken();
        Policy memory policy = _withToken(odd);
        vm.expectRevert(abi.encodeWithSelector(SessionErrors.ReturnedFalse.selector, odd));
        _batch(policy, _approve(address(odd), address(vault), 1), _transfer(RECIPIENT, 1));
        _assertEq(token.balanceOf(RECIPIENT), 0, "the second call stayed");
    }

    function _withToken(TestToken odd) private returns (Policy memory policy) {
        odd.mint(address(safe), 1e12);
        _listToken(address(odd));
        policy = _followingWith(address(odd));
        _arm(policy);
    }

    function _pays(TestToken odd, uint256 amount) private pure returns (Call memory) {
        return Call(address(odd), 0, abi.encodeCall(odd.transfer, (RECIPIENT, amount)));
    }

    function _refused(Policy memory policy, TestToken odd, bytes memory reason) private {
        _refused(policy, odd, 1, reason);
    }

    function _refused(Policy memory policy, TestToken odd, uint256 amount, bytes memory reason) private {
        _execRefused(policy, _pays(odd, amount), reason);
    }
}
