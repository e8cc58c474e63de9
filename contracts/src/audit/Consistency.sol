// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Consistency of two Merkle trees: RFC 9162, section 2.1.4.2
library Consistency {
    /// @param first size of the older tree, at least 1
    /// @param second size of the newer tree, more than `first`
    /// @return Whether `proof` shows that the newer tree's first entries are the older tree's.
    function holds(uint256 first, bytes32 firstRoot, uint256 second, bytes32 secondRoot, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (proof.length == 0) return false;
        uint256 next;
        bytes32 start = firstRoot;
        // A complete older tree is itself a node of the newer one, and the proof leaves it out.
        if (first & (first - 1) != 0) start = proof[next++];
        (bytes32 older, bytes32 newer) = (start, start);
        uint256 fn = first - 1;
        uint256 sn = second - 1;
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        for (; next < proof.length; ++next) {
            if (sn == 0) return false;
            bytes32 node = proof[next];
            if (fn & 1 == 1 || fn == sn) {
                older = _parent(node, older);
                newer = _parent(node, newer);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                newer = _parent(newer, node);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && older == firstRoot && newer == secondRoot;
    }

    /// @dev SHA-256(0x01 || left || right). The precompile is called from scratch memory: saves the 200 gas that
    ///      abi.encodePacked and the checks of `sha256` cost a node. Safe: 65 bytes go above the free pointer and are not
    ///      kept, and the precompile answers with 32 bytes or not at all, which reverts.
    function _parent(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            if iszero(staticcall(gas(), 2, free, 65, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }
}
