// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../src/module/SessionErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {AttackTest} from "./support/AttackTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice validateBatch says what execBatch then does: the same error, with the same arguments.
contract ValidateBatchTest is AttackTest {
    function testFuzz_validateBatch_agrees_with_execBatch(uint256[4] calldata amounts, uint8 size, uint8 used, uint32 later)
        public
    {
        Policy memory policy = _armed();
        for (uint256 i; i < used % 10; ++i) _pay(policy, 90e6);
        vm.warp(START + later % 3 days);
        Call[] memory calls = new Call[](size % 6);
        bytes32[][] memory proofs = new bytes32[][](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            uint256 amount = amounts[i % 4] % 310e6;
            calls[i] = amounts[i % 4] % 5 == 0 ? Call(RECIPIENT, amount * 1e10, "") : _transfer(RECIPIENT, amount);
        }
        (bool ok, bytes4 selector, bytes memory detail) = module.validateBatch(policy, calls, proofs);
        vm.prank(keyAddress);
        try module.execBatch(policy, calls, proofs) {
            _assert(ok, "exec passed what validate refused");
        } catch (bytes memory reason) {
            _assert(!ok, "exec refused what validate passed");
            _assert(keccak256(reason) == keccak256(abi.encodePacked(selector, detail)), "another error than validate said");
        }
    }

    function test_a_batch_is_validated_as_a_batch() public {
        Policy memory policy = _armed();
        for (uint256 length; length <= 5; length += 5) {
            (bool fits, bytes4 error,) = module.validateBatch(policy, new Call[](length), new bytes32[][](length));
            _assert(!fits && error == SessionErrors.BadBatch.selector, "a batch of another size passed");
        }
        Call[] memory calls = new Call[](2);
        (calls[0], calls[1]) = (_approve(address(token), address(vault), 300e6), _deposit(300e6));
        (bool ok,,) = module.validateBatch(policy, calls, new bytes32[][](2));
        _assert(ok, "an approval inside a batch was refused");
        policy.limits[0].perPeriod = 500e6;
        _arm(policy);
        (calls[0], calls[1]) = (_transfer(RECIPIENT, 300e6), _transfer(RECIPIENT, 300e6));
        (bool passes, bytes4 selector, bytes memory detail) = module.validateBatch(policy, calls, new bytes32[][](2));
        _assert(!passes && selector == SessionErrors.LimitExceeded.selector, "what the batch spends first was forgotten");
        _assert(keccak256(detail) == keccak256(abi.encode(token, 300e6, 200e6)), "another amount is left");
    }

    function test_in_a_batch_each_token_has_a_budget_of_its_own() public {
        Policy memory policy = _armed();
        Call[] memory calls = new Call[](2);
        (calls[0], calls[1]) = (Call(RECIPIENT, 900e6, ""), _transfer(RECIPIENT, 200e6));
        (bool ok,,) = module.validateBatch(policy, calls, new bytes32[][](2));
        _assert(ok, "native value counted against the token's budget");
    }
}
