// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What a rule's call does with value.
/// Transfer: moves `amount` of the target token. Approve: sets an allowance, batch only, counted as spending.
/// Call: moves no token (native value is counted apart). Adapter: target is an adapter that builds the calls.
enum RuleKind {
    None,
    Transfer,
    Approve,
    Call,
    Adapter
}

/// @notice One allowed (target, selector), packed in one storage word.
/// @dev Arguments are counted in 32-byte words after the selector; NO_ARGUMENT means the rule has none.
struct Rule {
    uint40 enabledAt;
    uint8 protocolId;
    uint8 recipientArg;
    uint8 amountArg;
    RuleKind kind;
    uint16 exactLength;
}

uint8 constant NO_ARGUMENT = type(uint8).max;

/// @notice A rule known from deployment: older than every policy, so that pinned policies see it.
struct GenesisRule {
    address target;
    bytes4 selector;
    uint8 protocolId;
    uint8 recipientArg;
    uint8 amountArg;
    RuleKind kind;
    uint16 exactLength;
}

/// @notice A recipient known from deployment.
struct GenesisRecipient {
    uint8 protocolId;
    address recipient;
}
