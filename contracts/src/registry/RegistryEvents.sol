// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Rule} from "../types/Rule.sol";

/// @notice The registry's history. An addition is announced `delay` seconds before it takes effect.
interface RegistryEvents {
    event RuleQueued(address indexed target, bytes4 indexed selector, Rule rule);
    event RuleRemoved(address indexed target, bytes4 indexed selector);
    event RecipientQueued(uint8 indexed protocolId, address indexed recipient, uint40 enabledAt);
    event RecipientRemoved(uint8 indexed protocolId, address indexed recipient);
    event ProtocolPaused(uint8 indexed protocolId);
    event ProtocolUnpauseQueued(uint8 indexed protocolId, uint40 readyAt);
    event RoleQueued(bool indexed isGuardian, address indexed next, uint40 readyAt);
    event RoleAccepted(bool indexed isGuardian, address indexed next);
}
