// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {IAdapter} from "../../src/interfaces/IAdapter.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {GenesisRule, NO_ARGUMENT, RuleKind} from "../../src/types/Rule.sol";
import {AttackTest} from "../support/AttackTest.sol";
import {vm} from "../support/Vm.sol";
import {CallbackToken} from "../tokens/OddTokens.sol";

/// @dev Takes native value and calls back in the middle of it.
contract CallbackRecipient {
    address private target;
    bytes private message;
    bool public succeeded;
    bytes public answer;

    function prepare(address target_, bytes calldata message_) external {
        (target, message) = (target_, message_);
    }

    receive() external payable {
        (succeeded, answer) = target.call(message);
    }
}

/// @dev A vault that calls back while it is redeemed.
contract CallbackVault is CallbackRecipient {
    uint256 public constant asset = 0;

    function balanceOf(address) external pure returns (uint256) {
        return 1;
    }

    function redeem(uint256, address, address) external returns (uint256) {
        (bool ok,) = address(this).call{value: 0}("");
        return ok ? 1 : 0;
    }
}

/// @dev A hostile adapter: builds whatever it was told to.
contract HostileAdapter is IAdapter {
    Call[] private told;

    function tell(Call calldata call) external {
        told.push(call);
    }

    function build(address, uint16, bytes calldata) external view returns (Call[] memory, address, uint256) {
        return (told, address(0), 0);
    }
}

/// @notice Attempts to come back in while an operation runs, through whatever the Safe calls.
contract ReentrancyAttacks is AttackTest {
    bytes4 private constant OPERATION = bytes4(keccak256("operate()"));
    bytes32 private constant CALL_TYPE = keccak256("Call(address to,uint256 value,bytes data)");
    bytes32 private constant BATCH_TYPE = keccak256(
        "ExecBatch(bytes32 id,Call[] calls,uint256 nonce,uint48 deadline)Call(address to,uint256 value,bytes data)"
    );
    bytes32 private constant ADAPTER_TYPE =
        keccak256("ExecAdapter(bytes32 id,address adapter,bytes args,uint256 nonce,uint48 deadline)");

    function test_a_token_cannot_run_a_second_intent_inside_the_first() public {
        CallbackToken odd = new CallbackToken();
        odd.mint(address(safe), 1e12);
        _listToken(address(odd));
        Policy memory policy = _followingWith(address(odd));
        _arm(policy);
        Call memory call = Call(address(odd), 0, abi.encodeCall(odd.transfer, (RECIPIENT, 5)));
        bytes memory second = _intent(policy, call, 2);
        odd.prepare(
            address(module), abi.encodeCall(module.execSigned, (policy, call, noProof, 2, type(uint48).max, second))
        );
        _exec(policy, call);
        _requireReentered(odd.succeeded(), odd.answer());
        _assertEq(odd.balanceOf(RECIPIENT), 5, "the inner use paid too");
        _assertEq(_opsLeft(policy), 9, "another number of uses was counted");
        odd.prepare(address(0), "");
        _execSigned(policy, call, 2, second);
    }

    function test_a_recipient_cannot_run_a_second_intent_inside_the_first() public {
        CallbackRecipient hostile = _listRecipient();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        Call memory call = Call(address(hostile), 1 ether, "");
        bytes memory second = _intent(policy, call, 2);
        hostile.prepare(
            address(module), abi.encodeCall(module.execSigned, (policy, call, noProof, 2, type(uint48).max, second))
        );
        _exec(policy, call);
        _requireReentered(hostile.succeeded(), hostile.answer());
        _assertEq(address(hostile).balance, 1 ether, "the recipient was paid twice");
    }

    /// @dev Also with the key's own account as the recipient: `msg.sender` would then be the key.
    function test_a_key_that_is_a_contract_cannot_come_back_in() public {
        CallbackRecipient hostile = _listRecipient();
        Policy memory policy = _followingWith(address(1));
        policy.key = address(hostile);
        _arm(policy);
        Call memory call = Call(address(hostile), 1 ether, "");
        hostile.prepare(address(module), abi.encodeCall(module.exec, (policy, call, noProof)));
        _exec(policy, call);
        _requireReentered(hostile.succeeded(), hostile.answer());
        Call[] memory calls = new Call[](1);
        calls[0] = call;
        hostile.prepare(address(module), abi.encodeCall(module.execBatch, (policy, calls, new bytes32[][](1))));
        _exec(policy, call);
        _requireReentered(hostile.succeeded(), hostile.answer());
        _assertEq(address(hostile).balance, 2 ether, "an inner use paid too");
    }

    function test_what_an_adapter_calls_cannot_run_an_intent() public {
        CallbackRecipient hostile = _listRecipient();
        HostileAdapter operator = _listAdapter();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        _prepareIntent(hostile, policy);
        operator.tell(Call(address(hostile), 1, ""));
        vm.prank(keyAddress);
        module.execAdapter(policy, address(operator), abi.encodeWithSelector(OPERATION), noProof);
        _requireReentered(hostile.succeeded(), hostile.answer());
    }

    /// @dev The three relayed entries hold the same lock as the direct ones.
    function test_a_relayed_use_cannot_be_entered_again_either() public {
        CallbackRecipient hostile = _listRecipient();
        HostileAdapter operator = _listAdapter();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        _prepareIntent(hostile, policy);
        Call memory call = Call(address(hostile), 1, "");
        _execSigned(policy, call, 10, _intent(policy, call, 10));
        _requireReentered(hostile.succeeded(), hostile.answer());
        Call[] memory calls = new Call[](1);
        calls[0] = call;
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = keccak256(abi.encode(CALL_TYPE, call.to, call.value, keccak256(call.data)));
        bytes32 digest = _digest(
            keccak256(abi.encode(BATCH_TYPE, _id(policy), keccak256(abi.encodePacked(hashes)), 11, type(uint48).max))
        );
        module.execBatchSigned(policy, calls, new bytes32[][](1), 11, type(uint48).max, _sign(KEY, digest));
        _requireReentered(hostile.succeeded(), hostile.answer());
        operator.tell(call);
        bytes memory args = abi.encodeWithSelector(OPERATION);
        digest = _digest(
            keccak256(abi.encode(ADAPTER_TYPE, _id(policy), operator, keccak256(args), 12, type(uint48).max))
        );
        module.execAdapterSigned(policy, address(operator), args, noProof, 12, type(uint48).max, _sign(KEY, digest));
        _requireReentered(hostile.succeeded(), hostile.answer());
        _assertEq(token.balanceOf(RECIPIENT), 0, "an inner use paid");
    }

    /// @dev A listed vault that is redeemed calls back: neither form of the close may let an intent run inside.
    function test_a_vault_cannot_run_an_intent_while_it_is_closed() public {
        Policy memory policy = _armed();
        CallbackVault hostile = new CallbackVault();
        vm.prank(address(safe));
        metavaults.register(address(hostile));
        Call memory call = _transfer(RECIPIENT, 5);
        bytes memory inner = abi.encodeCall(
            module.execSigned, (policy, call, noProof, 2, type(uint48).max, _intent(policy, call, 2))
        );
        hostile.prepare(address(module), inner);
        vm.prank(owner);
        module.emergencyCloseAll(address(safe));
        _requireReentered(hostile.succeeded(), hostile.answer());
        bytes32 digest = _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, START)));
        module.emergencyCloseAllWithSig(address(safe), START, _sign(OWNER, digest));
        _requireReentered(hostile.succeeded(), hostile.answer());
        _assertEq(token.balanceOf(RECIPIENT), 0, "the inner use paid");
    }

    function _prepareIntent(CallbackRecipient hostile, Policy memory policy) private {
        Call memory call = _transfer(RECIPIENT, 5);
        bytes memory intent = _intent(policy, call, 2);
        hostile.prepare(
            address(module), abi.encodeCall(module.execSigned, (policy, call, noProof, 2, type(uint48).max, intent))
        );
    }

    /// @dev Budgets and uses are written before the first call leaves the module: what is read from inside is final.
    function test_from_inside_an_operation_its_budget_is_already_spent() public {
        CallbackRecipient hostile = _listRecipient();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        hostile.prepare(address(module), abi.encodeCall(module.remaining, (policy, address(0))));
        _exec(policy, Call(address(hostile), 1 ether, ""));
        (uint256 left, uint8 opsLeft,) = abi.decode(hostile.answer(), (uint256, uint8, uint40));
        _assertEq(left, 1 ether, "an unspent budget was seen from inside");
        _assertEq(opsLeft, 9, "an uncounted use was seen from inside");
    }

    function test_a_hostile_adapter_cannot_reach_safe_or_module_nor_leave_an_allowance() public {
        HostileAdapter hostile = _listAdapter();
        Policy memory policy = _followingWith(address(1));
        _arm(policy);
        hostile.tell(Call(address(safe), 0, abi.encodeCall(safe.enableModule, (address(hostile)))));
        _operateRefused(policy, hostile, abi.encodeWithSelector(SessionErrors.SelfCall.selector, safe));
        hostile = _listAdapter();
        hostile.tell(Call(address(module), 0, abi.encodeCall(module.disarmAll, (address(safe)))));
        _operateRefused(_refollow(policy), hostile, abi.encodeWithSelector(SessionErrors.SelfCall.selector, module));
        hostile = _listAdapter();
        hostile.tell(_approve(address(token), address(hostile), 7));
        _operateRefused(
            _refollow(policy),
            hostile,
            abi.encodeWithSelector(SessionErrors.AllowanceLeft.selector, token, hostile, 7)
        );
    }

    function test_native_value_of_an_adapters_calls_is_budgeted_whatever_it_claims() public {
        HostileAdapter hostile = _listAdapter();
        Policy memory policy = _refollow(_policy());
        hostile.tell(Call(RECIPIENT, 0.6 ether, ""));
        hostile.tell(Call(RECIPIENT, 0.6 ether, ""));
        _operateRefused(
            policy, hostile, abi.encodeWithSelector(SessionErrors.PerOpExceeded.selector, address(0), 1.2 ether, 1 ether)
        );
    }

    function _requireReentered(bool succeeded, bytes memory answer) private pure {
        _assert(!succeeded, "the inner call succeeded");
        _assert(bytes4(answer) == SessionErrors.Reentered.selector, "the inner call failed for another reason");
    }

    function _listRecipient() private returns (CallbackRecipient hostile) {
        hostile = new CallbackRecipient();
        _queue(GenesisRule(address(hostile), bytes4(0), 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 0));
        _matureListings();
    }

    function _listAdapter() private returns (HostileAdapter hostile) {
        hostile = new HostileAdapter();
        _queue(GenesisRule(address(hostile), OPERATION, 2, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Adapter, 4));
        _matureListings();
    }

    function _operateRefused(Policy memory policy, HostileAdapter hostile, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(policy.key);
        module.execAdapter(policy, address(hostile), abi.encodeWithSelector(OPERATION), noProof);
    }

    /// @dev A fresh session from now on.
    function _refollow(Policy memory policy) private returns (Policy memory fresh) {
        fresh = _followingWith(address(1));
        fresh.policyHash = keccak256(abi.encode(policy));
        _arm(fresh);
    }
}
