// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISafe} from "../interfaces/ISafe.sol";
import {Call} from "../types/Call.sol";
import {Policy} from "../types/Policy.sol";
import {SessionErrors} from "./SessionErrors.sol";

/// @title The EIP-712 messages of the module and who may sign them
abstract contract SessionSignatures is EIP712, SessionErrors {
    bytes32 private constant CALL_TYPE = keccak256("Call(address to,uint256 value,bytes data)");
    bytes32 private constant EXEC_TYPE =
        keccak256("Exec(bytes32 id,address to,uint256 value,bytes data,uint256 nonce,uint48 deadline)");
    bytes32 private constant EXEC_BATCH_TYPE = keccak256(
        "ExecBatch(bytes32 id,Call[] calls,uint256 nonce,uint48 deadline)Call(address to,uint256 value,bytes data)"
    );
    bytes32 private constant EXEC_ADAPTER_TYPE =
        keccak256("ExecAdapter(bytes32 id,address adapter,bytes args,uint256 nonce,uint48 deadline)");
    bytes32 private constant ARM_TYPE = keccak256(
        "Arm(bytes32 id,bytes32 policyHash,address key,uint40 validUntil,uint256 armNonce,uint48 deadline)"
    );
    bytes32 private constant DISARM_TYPE = keccak256("Disarm(address safe,bytes32 id,uint48 deadline)");
    bytes32 private constant DISARM_ALL_TYPE = keccak256("DisarmAll(address safe,uint32 epoch,uint48 deadline)");
    bytes32 private constant EMERGENCY_CLOSE_TYPE =
        keccak256("EmergencyCloseAll(address safe,uint32 epoch,uint48 deadline)");

    /// @dev EIP-712 domain: name, version, chain id and this contract, so that no signature counts anywhere else.
    constructor() EIP712("Interlock SessionModule", "1") {}

    function _execDigest(bytes32 id, Call calldata call, uint256 nonce, uint48 deadline)
        internal
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(EXEC_TYPE, id, call.to, call.value, keccak256(call.data), nonce, deadline))
        );
    }

    function _execBatchDigest(bytes32 id, Call[] calldata calls, uint256 nonce, uint48 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            hashes[i] = keccak256(abi.encode(CALL_TYPE, calls[i].to, calls[i].value, keccak256(calls[i].data)));
        }
        bytes32 callsHash = keccak256(abi.encodePacked(hashes));
        return _hashTypedDataV4(keccak256(abi.encode(EXEC_BATCH_TYPE, id, callsHash, nonce, deadline)));
    }

    function _execAdapterDigest(bytes32 id, address adapter, bytes calldata args, uint256 nonce, uint48 deadline)
        internal
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(EXEC_ADAPTER_TYPE, id, adapter, keccak256(args), nonce, deadline))
        );
    }

    function _armDigest(bytes32 id, Policy calldata policy, uint256 armNonce, uint48 deadline)
        internal
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(ARM_TYPE, id, policy.policyHash, policy.key, policy.validUntil, armNonce, deadline)
            )
        );
    }

    function _disarmDigest(address safe, bytes32 id, uint48 deadline) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(DISARM_TYPE, safe, id, deadline)));
    }

    function _disarmAllDigest(address safe, uint32 epoch, uint48 deadline) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(DISARM_ALL_TYPE, safe, epoch, deadline)));
    }

    function _emergencyCloseDigest(address safe, uint32 epoch, uint48 deadline) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(EMERGENCY_CLOSE_TYPE, safe, epoch, deadline)));
    }

    function _requireDeadline(uint48 deadline) internal view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
    }

    /// @dev 65-byte signatures with low s only, so one intent has one signature.
    function _requireKeySignature(address key, bytes32 digest, bytes calldata signature) internal pure {
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError || signer != key) revert BadSignature();
    }

    /// @dev The Safe's own ERC-1271: its owners, its threshold, its way of signing.
    function _requireSafeSignature(address safe, bytes32 digest, bytes calldata signature) internal view {
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(safe, digest, signature)) revert BadSignature();
    }

    /// @dev One owner's EOA signature where `ownerMayAct`, else the Safe's ERC-1271.
    /// @return by the owner, or the Safe
    function _requireOwnerOrSafe(address safe, bytes32 digest, bytes calldata signature, bool ownerMayAct)
        internal
        view
        returns (address by)
    {
        if (ownerMayAct) {
            (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
            if (fault == ECDSA.RecoverError.NoError && ISafe(safe).isOwner(signer)) return signer;
        }
        _requireSafeSignature(safe, digest, signature);
        return safe;
    }
}
