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
    event Configured(address indexed safe, address guardian, bool anyOwnerClose);
    event Armed(address indexed safe, address indexed key, bytes32 indexed id, Policy policy);
    event ArmCancelled(address indexed safe, uint256 armNonce);
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
    event Disarmed(address indexed safe, bytes32 indexed id, address indexed by, DisarmReason reason);
    event EpochBumped(address indexed safe, uint32 epoch, address indexed by);
    event PositionClosed(address indexed safe, address indexed vault, uint256 shares, uint256 assets);
    event PositionCloseFailed(address indexed safe, address indexed vault, bytes reason);
    event AllowanceCleared(address indexed safe, address indexed token, address indexed spender);
    event EmergencyClosed(address indexed safe, address indexed by, uint256 closed, uint256 failed);
}
