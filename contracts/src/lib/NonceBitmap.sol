// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Unordered nonces, 256 to a word
library NonceBitmap {
    function isUsed(mapping(uint256 => uint256) storage bitmap, uint256 nonce) internal view returns (bool) {
        return bitmap[nonce >> 8] & (1 << (nonce & 0xff)) != 0;
    }

    /// @return fresh false when the nonce had been used before; nothing changes then
    function use(mapping(uint256 => uint256) storage bitmap, uint256 nonce) internal returns (bool fresh) {
        uint256 word = bitmap[nonce >> 8];
        uint256 bit = 1 << (nonce & 0xff);
        fresh = word & bit == 0;
        if (fresh) bitmap[nonce >> 8] = word | bit;
    }
}
