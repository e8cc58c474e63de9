// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAdapter} from "../src/interfaces/IAdapter.sol";
import {SessionErrors} from "../src/module/SessionErrors.sol";
import {Call} from "../src/types/Call.sol";
import {Policy} from "../src/types/Policy.sol";
import {GenesisRule, NO_ARGUMENT, RuleKind} from "../src/types/Rule.sol";
import {AttackTest} from "./support/AttackTest.sol";
import {vm} from "./support/Vm.sol";

/// @notice Test double: an adapter that spends native value, part of it in the call and part by its own word.
contract NativeAdapter is IAdapter {
    address private immutable recipient;

    constructor(address recipient_) {
        recipient = recipient_;
    }

    function build(address, uint16, bytes calldata) external view returns (Call[] memory calls, address, uint256) {
        calls = new Call[](1);
        calls[0] = Call(recipient, 0.6 ether, "");
        return (calls, address(0), 0.6 ether);
    }
}

/// @notice validateAdapter says what execAdapter then does, whichever budgets the operation meets.
contract ValidateAdapterTest is AttackTest {
    bytes4 private constant OPERATION = bytes4(keccak256("operate()"));

    function test_what_an_adapter_claims_and_what_its_calls_carry_meet_one_budget() public {
        NativeAdapter native = new NativeAdapter(RECIPIENT);
        _queue(GenesisRule(address(native), OPERATION, 2, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Adapter, 4));
        _matureListings();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        bytes memory args = abi.encodeWithSelector(OPERATION);
        (bool ok,,) = module.validateAdapter(policy, address(native), args, noProof);
        _assert(ok, "1.2 of 2 ether were refused");
        vm.prank(policy.key);
        module.execAdapter(policy, address(native), args, noProof);
        _assertEq(_left(policy, address(0)), 0.8 ether, "another amount was charged");
        bytes memory refusal =
            abi.encodeWithSelector(SessionErrors.LimitExceeded.selector, address(0), 0.6 ether, 0.2 ether);
        (bool still, bytes4 selector, bytes memory detail) =
            module.validateAdapter(policy, address(native), args, noProof);
        _assert(!still, "2.4 of 2 ether were allowed");
        _assert(keccak256(abi.encodePacked(selector, detail)) == keccak256(refusal), "another error than exec's");
        vm.expectRevert(refusal);
        vm.prank(policy.key);
        module.execAdapter(policy, address(native), args, noProof);
    }

    function test_native_value_spent_before_does_not_count_against_an_adapters_token() public {
        Policy memory policy = _armed();
        _exec(policy, Call(RECIPIENT, 900e6, ""));
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, 200e6);
        (bool ok,,) = module.validateAdapter(policy, address(adapter), args, noProof);
        _assert(ok, "native value counted against the token's budget");
        _adapt(policy, "deposit(address,uint256)", 200e6);
    }
}
