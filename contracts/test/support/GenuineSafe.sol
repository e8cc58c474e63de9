// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "./Vm.sol";

/// @notice Where bytecode comes from: Safe's own npm artifacts (1.4.1, or 1.5.0 with INTERLOCK_SAFE=1.5.0), and ours as
///         tools/production.mjs compiled it (INTERLOCK_CODE: another folder of such artifacts).
abstract contract GenuineSafe {
    string private constant SAFE_1_4_1 = "../node_modules/@safe-global/safe-contracts/build/artifacts/contracts/";
    string private constant SAFE_1_5_0 = "../node_modules/@safe-global/safe-smart-account/build/artifacts/contracts/";

    /// @notice Mutation testing: the balance of this address chooses which mutant of the bytecode is alive (tools/mutate).
    function _wakeMutant() internal {
        vm.deal(address(0x4D757461), vm.envOr("INTERLOCK_MUTANT", uint256(0)));
    }

    function _isNewestSafe() internal view returns (bool) {
        return keccak256(bytes(vm.envOr("INTERLOCK_SAFE", string("1.4.1")))) == keccak256("1.5.0");
    }

    function _genuineCode(string memory artifact) internal view returns (bytes memory) {
        return vm.getCode(string.concat(_isNewestSafe() ? SAFE_1_5_0 : SAFE_1_4_1, artifact));
    }

    function _genuine(string memory artifact) internal returns (address) {
        return _create(_genuineCode(artifact));
    }

    function _code(string memory name) internal view returns (bytes memory) {
        return vm.getCode(string.concat(vm.envOr("INTERLOCK_CODE", string("cache/production")), "/", name, ".json"));
    }

    /// @notice Deploys one of our contracts.
    function _production(string memory name, bytes memory arguments) internal returns (address) {
        return _create(abi.encodePacked(_code(name), arguments));
    }

    function _create(bytes memory code) private returns (address deployed) {
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        require(deployed != address(0), "creation failed");
    }
}
