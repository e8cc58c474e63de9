// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RegistryErrors} from "./RegistryErrors.sol";
import {RegistryEvents} from "./RegistryEvents.sol";

/// @title Guardian (may only reduce power, at once) and governor (may add, after the delay)
abstract contract RegistryRoles is RegistryErrors, RegistryEvents {
    /// @dev A role on its way: to whom, and from when, in unix seconds.
    struct Pending {
        address next;
        uint40 readyAt;
    }

    /// @notice Seconds between announcing an addition and its taking effect; at least 48 h outside tests.
    uint48 public immutable delay;
    /// @notice May remove and pause, at once.
    address public guardian;
    /// @notice May add, after the delay, and may do what the guardian may.
    address public governor;
    /// @notice The role (guardian: true) that waits to be accepted.
    mapping(bool isGuardian => Pending) public pendingRole;

    /// @param guardian_ may remove and pause
    /// @param governor_ may add
    /// @param delay_ seconds an addition waits
    constructor(address guardian_, address governor_, uint48 delay_) {
        guardian = guardian_;
        governor = governor_;
        delay = delay_;
    }

    /// @dev Additions.
    modifier onlyGovernor() {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        _;
    }

    /// @dev The governor may also reduce power: it could starve a rule anyway by never adding it.
    modifier onlyGuardian() {
        if (msg.sender != guardian && msg.sender != governor) revert NotGuardian(msg.sender);
        _;
    }

    /// @notice Announces a new guardian (`isGuardian`) or governor. It takes effect when `next` accepts after the delay.
    function queueRole(bool isGuardian, address next) external onlyGovernor {
        uint40 readyAt = _readyAt();
        pendingRole[isGuardian] = Pending(next, readyAt);
        emit RoleQueued(isGuardian, next, readyAt);
    }

    /// @notice Second step, by the new holder itself, so that a role never lands on an address nobody controls.
    function acceptRole(bool isGuardian) external {
        Pending memory pending = pendingRole[isGuardian];
        if (pending.next != msg.sender) revert NothingPending();
        if (block.timestamp < pending.readyAt) revert TooEarly(pending.readyAt);
        delete pendingRole[isGuardian];
        if (isGuardian) guardian = msg.sender;
        else governor = msg.sender;
        emit RoleAccepted(isGuardian, msg.sender);
    }

    function _readyAt() internal view returns (uint40) {
        return uint40(block.timestamp + delay);
    }
}
