// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "../support/Vm.sol";
import {OracleWorld} from "./OracleWorld.sol";

/// @notice Plays what contracts/oracle wrote and compares every answer to the byte. One line of the file is one sequence,
///         each from the same fresh state. INTERLOCK_SEQUENCES names the file.
contract OracleReplayTest is OracleWorld {
    struct Step {
        uint40 at;
        address from;
        address to;
        bytes before;
        uint256 part;
        bytes behind;
        uint8 expected;
        bytes answer;
    }

    /// @dev The model refuses with these very bytes; does it; does it and returns these very bytes.
    uint8 private constant REFUSED = 0;
    uint8 private constant ANSWERED = 2;

    string private file;

    function test_replay() external {
        file = vm.envOr("INTERLOCK_SEQUENCES", string(""));
        uint256 count = vm.envOr("INTERLOCK_SEQUENCE_COUNT", uint256(0));
        uint256 fresh = vm.snapshotState();
        for (uint256 i; i < count; ++i) {
            this.playNext(i);
            require(vm.revertToState(fresh), "no snapshot");
        }
        require(count != 0, "no sequence");
    }

    /// @dev A call of its own, so that its memory is given back.
    function playNext(uint256 index) external {
        (bytes[] memory parts, Step[] memory steps) =
            abi.decode(vm.parseBytes(vm.readLine(file)), (bytes[], Step[]));
        for (uint256 i; i < steps.length; ++i) {
            Step memory step = steps[i];
            bytes memory data =
                step.part == 0 ? step.before : abi.encodePacked(step.before, parts[step.part - 1], step.behind);
            vm.warp(step.at);
            vm.prank(step.from);
            (bool ok, bytes memory answer) = step.to.call(data);
            bool agreed = ok == (step.expected != REFUSED);
            if (agreed && (step.expected == REFUSED || step.expected == ANSWERED)) {
                agreed = keccak256(answer) == keccak256(step.answer);
            }
            if (!agreed) revert(_describe(index, i, ok, answer));
        }
    }

    function _describe(uint256 sequence, uint256 step, bool ok, bytes memory answer)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "DIFFERENCE ", vm.toString(sequence), " ", vm.toString(step), ok ? " done " : " refused ", vm.toString(answer)
        );
    }
}
