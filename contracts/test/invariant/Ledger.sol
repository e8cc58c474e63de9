// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Policy} from "../../src/types/Policy.sol";
import {vm} from "../support/Vm.sol";

/// @notice What really happened, kept apart from the module: every use of every session, summed over windows the plain way.
abstract contract Ledger {
    struct Use {
        uint256 at;
        uint256 spent;
        uint256 native;
    }

    struct Session {
        /// @dev An encoded Policy: the legacy pipeline cannot copy one to storage.
        bytes policy;
        bytes32 id;
        bool revoked;
    }

    uint256 internal clock;
    uint32 internal epoch;
    bool internal paused;
    Session[] internal sessions;
    mapping(uint256 session => Use[]) internal uses;
    uint256 public paid;
    uint256 public paidNative;
    uint256 public deposited;
    mapping(uint256 session => mapping(uint256 nonce => bool)) internal nonceUsed;

    /// @notice How often each action succeeded, and each refusal was met.
    mapping(string action => uint256) public done;
    mapping(bytes4 selector => uint256) public refused;

    /// @dev A success: it must have been inside every limit. Sums run backwards from now over one window.
    function _record(uint256 session, string memory action, Use[] memory happened) internal {
        ++done[action];
        Policy memory policy = abi.decode(sessions[session].policy, (Policy));
        require(!sessions[session].revoked, "a revoked session was used");
        require(policy.epoch == epoch, "a session of an old epoch was used");
        require(clock >= policy.validAfter && clock < policy.validUntil, "a session was used outside its time");
        require(!paused, "a paused protocol was used");
        for (uint256 i; i < happened.length; ++i) {
            require(happened[i].spent <= policy.limits[0].perOp, "more than perOp");
            require(happened[i].native <= policy.limits[1].perOp, "more native value than perOp");
            uses[session].push(happened[i]);
            (paid, paidNative) = (paid + happened[i].spent, paidNative + happened[i].native);
        }
        _requireWindows(session, policy);
    }

    function _requireWindows(uint256 session, Policy memory policy) private view {
        Use[] storage history = uses[session];
        (uint256 count, uint256 spent, uint256 native) = (0, 0, 0);
        for (uint256 i = history.length; i > 0; --i) {
            Use memory use = history[i - 1];
            if (clock - use.at < policy.rateWindow) ++count;
            if (clock - use.at < policy.budgetWindow) (spent, native) = (spent + use.spent, native + use.native);
            if (clock - use.at >= policy.rateWindow && clock - use.at >= policy.budgetWindow) break;
        }
        require(policy.maxOps == 0 || count <= policy.maxOps, "too many operations in a window");
        require(spent <= policy.limits[0].perPeriod, "too much value in a window");
        require(native <= policy.limits[1].perPeriod, "too much native value in a window");
    }

    function _refuse(bytes memory reason) internal {
        ++refused[bytes4(reason)];
    }

    /// @dev Mostly small steps; every fourth lands one second before, at or after the edge of a window, where mistakes live.
    function _advance(uint256 session, uint256 draw) internal {
        if (draw % 4 == 0 && uses[session].length != 0) {
            Policy memory policy = abi.decode(sessions[session].policy, (Policy));
            Use storage use = uses[session][uses[session].length - 1 - (draw / 4) % _least(uses[session].length, 10)];
            uint256 edge = use.at + (draw / 64 % 2 == 0 ? policy.rateWindow : policy.budgetWindow) + (draw / 128) % 3 - 1;
            if (edge > clock && edge < clock + 4 hours) clock = edge;
        } else if (draw % 4 == 1) {
            clock += (draw / 4) % 300;
        }
        vm.warp(clock);
    }

    function _least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
