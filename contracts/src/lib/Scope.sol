// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title The policy's own list of (target, selector, recipient)
/// @dev A leaf preimage is 96 bytes and an inner node's 64, so neither can be taken for the other and one hash is enough.
library Scope {
    /// @param recipient the call's recipient argument, or 0 when the rule has none
    function contains(
        bytes32 root,
        bytes32[] calldata proof,
        address target,
        bytes4 selector,
        address recipient
    ) internal pure returns (bool) {
        if (root == 0) return true;
        bytes32 leaf = keccak256(abi.encode(target, selector, recipient));
        return proof.length == 0 ? leaf == root : MerkleProof.verifyCalldata(proof, root, leaf);
    }
}
