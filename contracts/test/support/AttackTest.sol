// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RegistryErrors} from "../../src/registry/RegistryErrors.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy, TokenLimit} from "../../src/types/Policy.sol";
import {GenesisRule, Rule, RuleKind} from "../../src/types/Rule.sol";
import {SessionTest} from "./SessionTest.sol";
import {vm} from "./Vm.sol";

/// @notice What the attack tests share: intents, batches, and a target of the attacker's own that the registry even allows.
abstract contract AttackTest is SessionTest {
    bytes32 internal constant ARM_TYPE =
        keccak256("Arm(bytes32 id,bytes32 policyHash,address key,uint40 validUntil,uint256 armNonce,uint48 deadline)");
    bytes32 internal constant DISARM_TYPE = keccak256("Disarm(address safe,bytes32 id,uint48 deadline)");
    bytes32 internal constant DISARM_ALL_TYPE = keccak256("DisarmAll(address safe,uint32 epoch,uint48 deadline)");
    bytes32 internal constant CLOSE_TYPE = keccak256("EmergencyCloseAll(address safe,uint32 epoch,uint48 deadline)");
    bytes32[] internal noProof;

    /// @dev The governor lists `target` as a token of protocol 1, and waits.
    function _listToken(address target) internal {
        GenesisRule[] memory rules = _tokenRules(target);
        for (uint256 i; i < rules.length; ++i) _queue(rules[i]);
        _matureListings();
    }

    function _tokenRules(address target) private pure returns (GenesisRule[] memory rules) {
        rules = new GenesisRule[](2);
        rules[0] = GenesisRule(target, IERC20.transfer.selector, 1, 0, 1, RuleKind.Transfer, 68);
        rules[1] = GenesisRule(target, IERC20.approve.selector, 1, 0, 1, RuleKind.Approve, 68);
    }

    /// @dev Time passes until everything queued is enabled; `_policy()` of now follows the registry.
    function _matureListings() internal {
        vm.warp(block.timestamp + DELAY);
    }

    /// @dev Policy of `_policy()` from now on, following the registry, with a limit for one more token.
    function _followingWith(address extra) internal view returns (Policy memory policy) {
        policy = _policy();
        (policy.validAfter, policy.validUntil) = (uint40(block.timestamp), uint40(block.timestamp + 30 days));
        policy.rulesBefore = type(uint40).max;
        TokenLimit[] memory limits = new TokenLimit[](3);
        (limits[0], limits[1], limits[2]) = (policy.limits[0], policy.limits[1], TokenLimit(extra, 300e6, 1_000e6));
        policy.limits = limits;
    }

    function _approve(address token_, address spender, uint256 amount) internal pure returns (Call memory) {
        return Call(token_, 0, abi.encodeCall(IERC20.approve, (spender, amount)));
    }

    function _deposit(uint256 amount) internal view returns (Call memory) {
        return Call(address(vault), 0, abi.encodeCall(vault.deposit, (amount, address(safe))));
    }

    function _batch(Policy memory policy, Call memory a, Call memory b) internal {
        Call[] memory calls = new Call[](2);
        (calls[0], calls[1]) = (a, b);
        vm.prank(policy.key);
        module.execBatch(policy, calls, new bytes32[][](2));
    }

    function _adapt(Policy memory policy, string memory operation, uint256 amount) internal {
        bytes memory args = abi.encodeWithSignature(operation, address(vault), amount);
        vm.prank(policy.key);
        module.execAdapter(policy, address(adapter), args, noProof);
    }

    function _id(Policy memory policy) internal pure returns (bytes32) {
        return keccak256(abi.encode(policy));
    }

    /// @dev The key's intent for `call`, good until the end of time.
    function _intent(Policy memory policy, Call memory call, uint256 nonce) internal view returns (bytes memory) {
        return _sign(KEY, _execDigest(_id(policy), call, nonce, type(uint48).max));
    }

    function _execSigned(Policy memory policy, Call memory call, uint256 nonce, bytes memory signature) internal {
        module.execSigned(policy, call, noProof, nonce, type(uint48).max, signature);
    }

    function _armDigest(Policy memory policy, uint256 nonce, uint48 deadline) internal view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(ARM_TYPE, _id(policy), policy.policyHash, policy.key, policy.validUntil, nonce, deadline)
            )
        );
    }

    function _left(Policy memory policy, address token_) internal view returns (uint256 left) {
        (left,,) = module.remaining(policy, token_);
    }

    function _opsLeft(Policy memory policy) internal view returns (uint256 opsLeft) {
        (, opsLeft,) = module.remaining(policy, address(0));
    }

    function _notAllowed(Call memory call) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(RegistryErrors.NotAllowed.selector, call.to, bytes4(call.data));
    }

    function _queue(GenesisRule memory g) internal {
        vm.prank(GOVERNOR);
        registry.queueRule(
            g.target, g.selector, Rule(0, g.protocolId, g.recipientArg, g.amountArg, g.kind, g.exactLength)
        );
    }

    function _queueRecipient(uint8 protocolId, address recipient) internal {
        vm.prank(GOVERNOR);
        registry.queueRecipient(protocolId, recipient);
    }

    /// @dev The close by signature with more and more gas where it is short, then with plenty.
    function _closeWithEverMoreGas(uint256 from, uint256 to, uint256 step) internal {
        bytes memory signature = _sign(OWNER, _digest(keccak256(abi.encode(CLOSE_TYPE, safe, 0, type(uint48).max))));
        bytes memory data =
            abi.encodeCall(module.emergencyCloseAllWithSig, (address(safe), type(uint48).max, signature));
        for (uint256 given = from; given < to; given += step) {
            (bool ok,) = address(module).call{gas: given}(data);
            if (ok) return;
        }
        module.emergencyCloseAllWithSig(address(safe), type(uint48).max, signature);
    }
}
