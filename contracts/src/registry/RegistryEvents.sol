// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Rule} from "../types/Rule.sol";

/// @notice The registry's history. An addition is announced `delay` seconds before it takes effect.
interface RegistryEvents {
    /// @notice A rule counts from `rule.enabledAt`, in unix seconds.
    event RuleQueued(address indexed target, bytes4 indexed selector, Rule rule);
    /// @notice A rule counts no more.
    event RuleRemoved(address indexed target, bytes4 indexed selector);
    /// @notice A recipient counts from `enabledAt`, in unix seconds.
    event RecipientQueued(uint8 indexed protocolId, address indexed recipient, uint40 enabledAt);
    /// @notice A recipient counts no more.
    event RecipientRemoved(uint8 indexed protocolId, address indexed recipient);
    /// @notice A protocol is refused until further notice.
    event ProtocolPaused(uint8 indexed protocolId);
    /// @notice A pause ends at `readyAt`, in unix seconds.
    event ProtocolUnpauseQueued(uint8 indexed protocolId, uint40 readyAt);
    /// @notice `next` may take the role over from `readyAt`, in unix seconds.
    event RoleQueued(bool indexed isGuardian, address indexed next, uint40 readyAt);
    /// @notice `next` holds the role.
    event RoleAccepted(bool indexed isGuardian, address indexed next);
}
