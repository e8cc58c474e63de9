// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionErrors} from "../../src/module/SessionErrors.sol";
import {RegistryErrors} from "../../src/registry/RegistryErrors.sol";
import {Policy} from "../../src/types/Policy.sol";
import {SessionTest} from "../support/SessionTest.sol";
import {vm} from "../support/Vm.sol";
import {HandlerOptions, SessionHandler} from "./SessionHandler.sol";

/// @notice Whatever happens in whatever order: windows hold (checked at every success, in Ledger), books balance, nothing is left.
contract SessionInvariantTest is SessionTest {
    SessionHandler private actor;
    uint256 private supply;

    function setUp() public override {
        super.setUp();
        Policy memory template = _policy();
        template.rulesBefore = type(uint40).max;
        template.limits[0].perPeriod = 500e6;
        (template.limits[1].perOp, template.limits[1].perPeriod) = (100, 250);
        bytes32 domain = _domain();
        actor = new SessionHandler(
            HandlerOptions(
                module, registry, token, vault, address(adapter), RECIPIENT, owner, SAFE_GUARDIAN, GUARDIAN, GOVERNOR, KEY,
                abi.encode(template), domain
            )
        );
        supply = token.balanceOf(address(safe));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_the_safe_lost_exactly_what_sessions_paid() external view {
        _assertEq(token.balanceOf(RECIPIENT), actor.paid(), "the recipient holds something else");
        _assertEq(RECIPIENT.balance, actor.paidNative(), "the recipient holds other native value");
        _assertEq(vault.balanceOf(address(safe)), actor.deposited(), "the vault holds something else");
        _assertEq(
            token.balanceOf(address(safe)) + actor.paid() + actor.deposited(), supply, "something left another way"
        );
        _assertEq(address(safe).balance + actor.paidNative(), 10 ether, "native value left another way");
    }

    function invariant_no_allowance_and_no_change_of_the_safe() external view {
        _assertEq(token.allowance(address(safe), address(vault)), 0, "an allowance was left");
        _assert(safe.isModuleEnabled(address(module)), "the module was disabled");
        _assertEq(safe.getThreshold(), 1, "the threshold moved");
    }

    /// @dev One line of counters per run: the campaign adds them up and fails where one is 0.
    function afterInvariant() external {
        string memory file = vm.envOr("INTERLOCK_COUNTERS", string(""));
        if (bytes(file).length != 0) vm.writeLine(file, string.concat(_successes(), _refusals()));
    }

    function _successes() private view returns (string memory line) {
        string[13] memory actions = [
            "spend", "spendNative", "spendSigned", "batch", "approveAndDeposit", "deposit", "redeem", "trespass",
            "disarm", "disarmAll", "pause", "unpause", "arm"
        ];
        for (uint256 i; i < actions.length; ++i) {
            line = string.concat(line, actions[i], "=", vm.toString(actor.done(actions[i])), " ");
        }
    }

    function _refusals() private view returns (string memory line) {
        line = string.concat(_count("RateLimited", SessionErrors.RateLimited.selector), _count("LimitExceeded", SessionErrors.LimitExceeded.selector));
        line = string.concat(line, _count("PerOpExceeded", SessionErrors.PerOpExceeded.selector), _count("NotYet", SessionErrors.NotYet.selector));
        line = string.concat(line, _count("Expired", SessionErrors.Expired.selector), _count("Revoked", SessionErrors.Revoked.selector));
        line = string.concat(line, _count("StaleEpoch", SessionErrors.StaleEpoch.selector), _count("AlreadyUsedId", SessionErrors.AlreadyUsedId.selector));
        line = string.concat(line, _count("NonceUsed", SessionErrors.NonceUsed.selector), _count("DeadlinePassed", SessionErrors.DeadlinePassed.selector));
        line = string.concat(line, _count("BadSignature", SessionErrors.BadSignature.selector), _count("BadBatch", SessionErrors.BadBatch.selector));
        line = string.concat(line, _count("AllowanceLeft", SessionErrors.AllowanceLeft.selector), _count("CallFailed", SessionErrors.CallFailed.selector));
        line = string.concat(line, _count("NotKey", SessionErrors.NotKey.selector), _count("SelfCall", SessionErrors.SelfCall.selector));
        line = string.concat(line, _count("BadCalldata", RegistryErrors.BadCalldata.selector), _count("RecipientNotAllowed", RegistryErrors.RecipientNotAllowed.selector));
        line = string.concat(line, _count("ProtocolIsPaused", RegistryErrors.ProtocolIsPaused.selector));
    }

    function _count(string memory name, bytes4 selector) private view returns (string memory) {
        return string.concat(name, "=", vm.toString(actor.refused(selector)), " ");
    }
}
