// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Call} from "../types/Call.sol";

/// @notice One thing to close: an order to cancel or a position to end.
/// @dev call.to = 0: it is known but cannot be closed from here.
struct Closing {
    address market;
    Call call;
}

/// @notice An adapter whose positions emergency close ends beside the vaults'.
interface IPositionCloser {
    /// @param safe the account, which makes the calls
    /// @param fees wei the caller gives for execution fees; shared among the positions
    /// @return What to close, read on chain; every call gives its proceeds to the Safe only.
    function closings(address safe, uint256 fees) external view returns (Closing[] memory);

    /// @return tokens whose allowances for `spender` are set to 0
    /// @return spender the contract that takes tokens from a Safe
    function allowances() external view returns (address[] memory tokens, address spender);
}
