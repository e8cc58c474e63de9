// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Closing, IPositionCloser} from "../../src/interfaces/IPositionCloser.sol";
import {Call} from "../../src/types/Call.sol";
import {TestToken} from "./TestToken.sol";

/// @notice Test double: a vault that answers every question as it is told.
contract OddVault {
    address private immutable underlying;
    uint256 private immutable shares;
    /// What maxRedeem answers; the largest number: the gas it was given.
    uint256 private most;
    /// The most that redeem takes.
    uint256 private accepts;
    uint256 public redeemed;
    bool private mute;
    bool private refusesInWords;
    bool private burns;
    uint256 private bomb;

    constructor(address asset_, uint256 shares_) {
        (underlying, shares, accepts) = (asset_, shares_, type(uint256).max);
    }

    function set(uint256 most_, uint256 accepts_) external {
        (most, accepts) = (most_, accepts_);
    }

    /// @dev redeem answers nothing at all.
    function setMute() external {
        mute = true;
    }

    /// @dev maxRedeem reverts, with a word that looks like an answer.
    function setRefusesInWords() external {
        refusesInWords = true;
    }

    /// @dev redeem uses up all it is given, and a getter of the asset costs a good deal.
    function setBurns() external {
        burns = true;
    }

    /// @dev Getters answer with so many bytes.
    function setBomb(uint256 bytes_) external {
        bomb = bytes_;
    }

    function balanceOf(address) external view returns (uint256) {
        if (bomb != 0) _bomb(shares);
        return shares;
    }

    function asset() external view returns (address) {
        if (burns) _spend(190_000);
        return underlying;
    }

    function maxRedeem(address) external view returns (uint256) {
        uint256 given = gasleft();
        if (refusesInWords) {
            assembly ("memory-safe") {
                mstore(0, 1)
                revert(0, 32)
            }
        }
        return most == type(uint256).max ? given : most;
    }

    function redeem(uint256 amount, address, address) external returns (uint256) {
        if (burns) while (gasleft() > 10_000) {}
        require(!burns && amount <= accepts, "too many at once");
        redeemed += amount;
        if (mute) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return amount;
    }

    function _spend(uint256 gas_) private view {
        uint256 end = gasleft() - gas_;
        while (gasleft() > end) {}
    }

    function _bomb(uint256 first) private view {
        uint256 size = bomb;
        assembly ("memory-safe") {
            mstore(0, first)
            return(0, size)
        }
    }
}

/// @notice Test double: a token whose approve and transfer cost as much gas as they are told.
contract HeavyToken is TestToken("Heavy", "HVY", 6) {
    uint256 public cost;

    function setCost(uint256 cost_) external {
        cost = cost_;
    }

    function approve(address spender, uint256 amount) public override returns (bool) {
        uint256 end = gasleft() - cost;
        while (gasleft() > end) {}
        return super.approve(spender, amount);
    }
}

/// @notice Test double: a market whose positions are whatever it was told.
contract CloserDouble is IPositionCloser {
    address[] private markets;
    Call[] private calls;
    uint256 private cost;

    function add(address market, Call calldata call) external {
        markets.push(market);
        calls.push(call);
    }

    function setCost(uint256 cost_) external {
        cost = cost_;
    }

    function closings(address, uint256) external view returns (Closing[] memory list) {
        uint256 end = gasleft() - cost;
        while (gasleft() > end) {}
        list = new Closing[](markets.length);
        for (uint256 i; i < list.length; ++i) list[i] = Closing(markets[i], calls[i]);
    }

    function allowances() external pure returns (address[] memory tokens, address spender) {
        return (new address[](0), address(0));
    }
}

/// @notice Test double: not a Safe, but something that the module takes for one. It answers with the very bytes it was told.
contract SafeDouble {
    bytes private answer;
    bool private refuses;
    uint256 public seenGas;

    function tell(bytes calldata answer_, bool refuses_) external {
        (answer, refuses) = (answer_, refuses_);
    }

    function isModuleEnabled(address) external pure returns (bool) {
        return true;
    }

    function execTransactionFromModuleReturnData(address, uint256, bytes calldata, uint8) external {
        seenGas = gasleft();
        bytes memory told = answer;
        bool bad = refuses;
        assembly ("memory-safe") {
            if bad { revert(add(told, 0x20), mload(told)) }
            return(add(told, 0x20), mload(told))
        }
    }
}
