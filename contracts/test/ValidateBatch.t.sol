// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {SessionTest} from "./support/SessionTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice validateBatch says what execBatch then does: the same error, with the same arguments.
contract ValidateBatchTest is SessionTest {
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
}
