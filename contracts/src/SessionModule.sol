// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPositionCloser} from "./interfaces/IPositionCloser.sol";
import {EmergencyClose} from "./module/EmergencyClose.sol";
import {SessionArming} from "./module/SessionArming.sol";
import {SessionExecution} from "./module/SessionExecution.sol";
import {SessionRevocation} from "./module/SessionRevocation.sol";
import {SessionState} from "./module/SessionState.sol";
import {SessionViews} from "./module/SessionViews.sol";
import {MetavaultRegistry} from "./registry/MetavaultRegistry.sol";
import {PolicyRegistry} from "./registry/PolicyRegistry.sol";

/// @title Session keys for Safe accounts: limits the owner signed once, enforced here at every use
/// @notice One immutable singleton serves every Safe that enables it. No owner, no proxy, no delegatecall.
contract SessionModule is SessionArming, SessionExecution, SessionRevocation, EmergencyClose, SessionViews {
    /// @param registry_ what sessions may call
    /// @param metavaults_ where Safes list their vaults
    /// @param closer_ whose positions emergency close ends too; 0 for none
    constructor(PolicyRegistry registry_, MetavaultRegistry metavaults_, IPositionCloser closer_)
        SessionState(registry_, metavaults_, closer_)
    {}
}
