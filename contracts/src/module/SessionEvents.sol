// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Policy} from "../types/Policy.sol";

/// @notice Who took a session's power away.
enum DisarmReason {
    Safe,
    Owner,
    Guardian,
    Forfeited
}

/// @notice Everything a watcher needs, with no call to the chain's state.
interface SessionEvents {
    /// @notice The Safe chose its guardian and who may close.
    event Configured(address indexed safe, address guardian, bool anyOwnerClose);
    /// @notice A session begins; the whole policy is here and nowhere else on chain.
    event Armed(address indexed safe, address indexed key, bytes32 indexed id, Policy policy);
    /// @notice A signed arming is worth nothing now.
    event ArmCancelled(address indexed safe, uint256 armNonce);
    /// @notice A signed intent is worth nothing now.
    event IntentCancelled(address indexed safe, bytes32 indexed id, uint256 nonce);
    /// @param opsLeft operations still allowed at this instant; 255 when the policy has no count limit
    event Used(
        address indexed safe,
        bytes32 indexed id,
        address indexed to,
        bytes4 selector,
        address token,
        uint256 amount,
        uint256 opsLeft
    );
    /// @notice A session has ended for ever; also said of an id that was never armed.
    event Disarmed(address indexed safe, bytes32 indexed id, address indexed by, DisarmReason reason);
    /// @notice Every session of earlier epochs has ended.
    event EpochBumped(address indexed safe, uint32 epoch, address indexed by);
    /// @notice An emergency close ended a position. For a vault: shares given and assets received; 0 and 0 for a market, where an order was made.
    event PositionClosed(address indexed safe, address indexed vault, uint256 shares, uint256 assets);
    /// @notice A position stays open; the reason is the target's, cut at 1,024 bytes.
    event PositionCloseFailed(address indexed safe, address indexed vault, bytes reason);
    /// @notice An emergency close set an allowance to 0.
    event AllowanceCleared(address indexed safe, address indexed token, address indexed spender);
    /// @notice An emergency close has ended: how many positions closed, and how many did not.
    event EmergencyClosed(address indexed safe, address indexed by, uint256 closed, uint256 failed);
}
