// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface IGenuineSafe {
    function enableModule(address module) external;
    function disableModule(address previous, address module) external;
    function isModuleEnabled(address module) external view returns (bool);
    function setup(
        address[] calldata owners,
        uint256 threshold,
        address to,
        bytes calldata data,
        address fallbackHandler,
        address paymentToken,
        uint256 payment,
        address payable paymentReceiver
    ) external;
    function changeThreshold(uint256 threshold) external;
    function swapOwner(address previous, address old, address next) external;
    function addOwnerWithThreshold(address owner, uint256 threshold) external;
    function setGuard(address guard) external;
    function setFallbackHandler(address handler) external;
    function getThreshold() external view returns (uint256);
}

interface IProxyFactory {
    function createProxyWithNonce(address singleton, bytes memory initializer, uint256 saltNonce)
        external
        returns (address);
}

interface ISafeMessages {
    function getMessageHashForSafe(address safe, bytes memory message) external view returns (bytes32);
}
