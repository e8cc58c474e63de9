// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPositionCloser} from "../interfaces/IPositionCloser.sol";
import {MetavaultRegistry} from "../registry/MetavaultRegistry.sol";
import {PolicyRegistry} from "../registry/PolicyRegistry.sol";
import {SessionErrors} from "./SessionErrors.sol";
import {SessionEvents} from "./SessionEvents.sol";

/// @title All storage of the module, keyed by Safe first: one Safe can never touch another's words
abstract contract SessionState is SessionErrors, SessionEvents {
    /// @dev One word per Safe.
    struct Account {
        uint32 epoch;
        address guardian;
        bool anyOwnerClose;
    }

    /// @dev What a session has spent of one token. Layout: Budget.
    struct Spending {
        uint256 word;
    }

    /// @dev Everything about one session under one key: a use computes the place of all of it with two hashes.
    struct Session {
        /// Layout: SessionWord.
        uint256 word;
        mapping(address token => Spending) budgets;
        mapping(uint256 index => uint256 bits) intentNonces;
    }

    /// @notice What sessions may call.
    PolicyRegistry public immutable registry;
    /// @notice Where Safes list their vaults.
    MetavaultRegistry public immutable metavaults;
    /// @notice Whose positions emergency close ends beside the vaults'; 0 on a chain without such a market.
    IPositionCloser public immutable closer;

    mapping(address safe => Account) internal _accounts;
    mapping(address safe => mapping(bytes32 id => Session)) internal _sessions;
    mapping(address safe => mapping(uint256 index => uint256 bits)) internal _armNonces;
    /// @dev An emergency close authorised by signature runs once.
    mapping(bytes32 digest => bool) internal _closed;

    bool private transient _entered;

    /// @param registry_ what sessions may call
    /// @param metavaults_ where Safes list their vaults
    /// @param closer_ whose positions emergency close ends too; 0 for none
    constructor(PolicyRegistry registry_, MetavaultRegistry metavaults_, IPositionCloser closer_) {
        registry = registry_;
        metavaults = metavaults_;
        closer = closer_;
    }

    /// @dev Transient storage: 100 gas a touch, and gone with the transaction.
    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }
}
