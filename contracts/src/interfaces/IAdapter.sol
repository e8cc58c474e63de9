// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Call} from "../types/Call.sol";

/// @notice Turns typed fields into the exact calls a Safe makes. The session key never writes calldata itself.
interface IAdapter {
    /// @param safe the account the calls are for; it must be receiver and owner of whatever they create
    /// @param maxSlippageBps the policy's price bound in 1/100 of a percent; 0 where the adapter has no price
    /// @param args calldata of one of the adapter's typed operations, static arguments only
    /// @return calls what the Safe does, in order
    /// @return token what the operation spends (0 with amount 0: nothing, 0 with an amount: native asset)
    /// @return amount how much of it counts against the policy's budgets
    function build(address safe, uint16 maxSlippageBps, bytes calldata args)
        external
        view
        returns (Call[] memory calls, address token, uint256 amount);
}
