// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MetavaultRegistry} from "../registry/MetavaultRegistry.sol";
import {PolicyRegistry} from "../registry/PolicyRegistry.sol";
import {Policy} from "../types/Policy.sol";
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

    /// @dev Head of an encoded Policy, in bytes.
    uint256 private constant POLICY_HEAD = 14 * 32;

    PolicyRegistry public immutable registry;
    MetavaultRegistry public immutable metavaults;

    mapping(address safe => Account) internal _accounts;
    /// @dev Layout: SessionWord.
    mapping(address safe => mapping(bytes32 id => uint256 word)) internal _sessions;
    /// @dev Layout: Budget.
    mapping(address safe => mapping(bytes32 id => mapping(address token => uint256 word))) internal _budgets;
    mapping(address safe => mapping(bytes32 id => mapping(uint256 index => uint256 bits))) internal _intentNonces;
    mapping(address safe => mapping(uint256 index => uint256 bits)) internal _armNonces;
    /// @dev An emergency close authorised by signature runs once.
    mapping(bytes32 digest => bool) internal _closed;

    bool private transient _entered;

    constructor(PolicyRegistry registry_, MetavaultRegistry metavaults_) {
        registry = registry_;
        metavaults = metavaults_;
    }

    /// @dev Transient storage: 100 gas a touch, and gone with the transaction.
    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    /// @dev The identity of an armed policy, keccak256(abi.encode(policy)), hashed from calldata as it stands, which saves
    ///      re-encoding 17 words. Safe because ids are armed by strict re-encoding only (SessionArming): calldata in any other
    ///      layout, or with dirty bits, hashes to an id that is not armed.
    function _idOf(Policy calldata policy) internal pure returns (bytes32 id) {
        uint256 length = POLICY_HEAD + 32 + policy.limits.length * 96;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), policy, length)
            id := keccak256(free, add(length, 0x20))
        }
    }
}
