// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Consistency} from "./Consistency.sol";

/// @title The audit log's size and root, each provably an extension of the one before
/// @notice A publisher that forks, rolls back or rewrites its log cannot anchor any more. Anybody may publish, each under its
///         own address: there is no owner, and a verifier names the publisher it trusts.
contract AuditAnchor {
    /// @dev A publisher's newest anchor. anchoredAt is a unix time in seconds.
    struct Latest {
        uint64 size;
        uint64 anchoredAt;
    }

    /// @notice The log must grow from one anchor to the next.
    error NotNewer(uint64 size, uint64 latest);
    /// @notice The proof does not show that the newer tree extends the older one.
    error Inconsistent(uint64 from, uint64 to);
    /// @notice 0 stands for "no root".
    error EmptyRoot();

    /// @param previous size of the tree it was proven to extend; 0 for a publisher's first
    event Anchored(address indexed publisher, uint64 indexed size, bytes32 root, uint64 previous);

    mapping(address publisher => Latest) private _latest;
    mapping(address publisher => mapping(uint64 size => bytes32 root)) private _roots;

    /// @notice Anchors the calling publisher's tree of `size` entries.
    /// @dev The proof binds the roots. A size is the publisher's statement beside its root, as in a signed tree head: trees of
    ///      neighbouring sizes can have proofs of one shape.
    /// @param size entries of the log, more than at the last anchor
    /// @param root its RFC 9162 Merkle tree hash (SHA-256)
    /// @param proof RFC 9162 consistency proof from the last anchored size; empty for the first
    function anchor(uint64 size, bytes32 root, bytes32[] calldata proof) external {
        if (root == 0) revert EmptyRoot();
        uint64 previous = _latest[msg.sender].size;
        if (size <= previous) revert NotNewer(size, previous);
        if (previous != 0 && !Consistency.holds(previous, _roots[msg.sender][previous], size, root, proof)) {
            revert Inconsistent(previous, size);
        }
        _roots[msg.sender][size] = root;
        _latest[msg.sender] = Latest(size, uint64(block.timestamp));
        emit Anchored(msg.sender, size, root, previous);
    }

    /// @return size entries at the publisher's last anchor; 0 when it never anchored
    /// @return root their Merkle tree hash
    /// @return anchoredAt unix time of that anchor
    function latest(address publisher) external view returns (uint64 size, bytes32 root, uint64 anchoredAt) {
        Latest memory last = _latest[publisher];
        return (last.size, _roots[publisher][last.size], last.anchoredAt);
    }

    /// @return The root anchored at exactly this size; 0 when there is none.
    function rootAt(address publisher, uint64 size) external view returns (bytes32) {
        return _roots[publisher][size];
    }
}
