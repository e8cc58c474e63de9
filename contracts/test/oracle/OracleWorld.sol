// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SessionModule} from "../../src/SessionModule.sol";
import {GenesisRecipient, GenesisRule, NO_ARGUMENT, RuleKind} from "../../src/types/Rule.sol";
import {GenuineSafe} from "../support/GenuineSafe.sol";
import {IGenuineSafe} from "../support/SafeInterfaces.sol";
import {vm} from "../support/Vm.sol";
import {TestToken} from "../tokens/TestToken.sol";
import {TestVault} from "../tokens/TestVault.sol";

/// @notice The system at fixed addresses, so that the oracle knows them. The same numbers stand in contracts/oracle/play/world.ts.
abstract contract OracleWorld is GenuineSafe {
    uint256 private constant OWNER = 0xB0B;
    uint40 private constant START = 1_800_000_000;
    address private constant SAFE = address(0x5afe0001);
    address private constant SAFE_GUARDIAN = address(0x56);
    address private constant RECIPIENT_1 = address(0xcafe0001);
    address private constant RECIPIENT_2 = address(0xcafe0002);
    address private constant TOKEN_A = address(0x70000001);
    address private constant TOKEN_B = address(0x70000002);
    address private constant VAULT = address(0x70000003);
    address private constant REGISTRY = address(0x80000001);
    address private constant METAVAULTS = address(0x80000002);
    address private constant ADAPTER = address(0x80000003);
    address private constant MODULE = address(0x80000004);

    function setUp() external {
        _wakeMutant();
        vm.warp(START);
        _place(TOKEN_A, abi.encodePacked(type(TestToken).creationCode, abi.encode("A", "A", 6)));
        _place(TOKEN_B, abi.encodePacked(type(TestToken).creationCode, abi.encode("B", "B", 6)));
        _place(VAULT, abi.encodePacked(type(TestVault).creationCode, abi.encode(TOKEN_A, "Vault", "V")));
        _place(METAVAULTS, _code("MetavaultRegistry"));
        _place(ADAPTER, abi.encodePacked(_code("VaultAdapter"), abi.encode(METAVAULTS)));
        bytes memory genesis = abi.encode(address(0x6A), address(0x60), uint48(2 days), _rules(), _recipients());
        _place(REGISTRY, abi.encodePacked(_code("PolicyRegistry"), genesis));
        _place(MODULE, abi.encodePacked(_code("SessionModule"), _moduleArguments()));
        _placeSafe();
    }

    function _moduleArguments() private pure returns (bytes memory) {
        return abi.encode(REGISTRY, METAVAULTS, address(0));
    }

    function _placeSafe() private {
        address singleton = _genuine("Safe.sol/Safe.json");
        address handler = _genuine("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json");
        _place(SAFE, abi.encodePacked(_genuineCode("proxies/SafeProxy.sol/SafeProxy.json"), abi.encode(singleton)));
        address[] memory owners = new address[](1);
        owners[0] = vm.addr(OWNER);
        IGenuineSafe(SAFE).setup(owners, 1, address(0), "", handler, address(0), 0, payable(0));
        vm.prank(SAFE);
        IGenuineSafe(SAFE).enableModule(MODULE);
        vm.prank(SAFE);
        SessionModule(MODULE).configure(SAFE_GUARDIAN, false);
        TestToken(TOKEN_A).mint(SAFE, 1 << 130);
        TestToken(TOKEN_B).mint(SAFE, 1 << 130);
        vm.deal(SAFE, 1 << 130);
    }

    function _rules() private pure returns (GenesisRule[] memory rules) {
        rules = new GenesisRule[](8);
        bytes4 transfer = IERC20.transfer.selector;
        rules[0] = GenesisRule(TOKEN_A, transfer, 1, 0, 1, RuleKind.Transfer, 68);
        rules[1] = GenesisRule(TOKEN_B, transfer, 3, 0, 1, RuleKind.Transfer, 68);
        rules[2] = GenesisRule(TOKEN_A, IERC20.approve.selector, 5, 0, 1, RuleKind.Approve, 68);
        rules[3] = GenesisRule(VAULT, IERC4626.deposit.selector, 5, 1, 0, RuleKind.Call, 68);
        rules[4] = GenesisRule(ADAPTER, bytes4(keccak256("deposit(address,uint256)")), 2, 0, 1, RuleKind.Adapter, 68);
        rules[5] = GenesisRule(ADAPTER, bytes4(keccak256("redeem(address,uint256)")), 2, 0, 1, RuleKind.Adapter, 68);
        rules[6] = GenesisRule(RECIPIENT_1, bytes4(0), 1, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 0);
        rules[7] = GenesisRule(RECIPIENT_2, bytes4(keccak256("ping()")), 200, NO_ARGUMENT, NO_ARGUMENT, RuleKind.Call, 4);
    }

    function _recipients() private pure returns (GenesisRecipient[] memory recipients) {
        recipients = new GenesisRecipient[](5);
        recipients[0] = GenesisRecipient(1, RECIPIENT_1);
        recipients[1] = GenesisRecipient(3, RECIPIENT_1);
        recipients[2] = GenesisRecipient(3, RECIPIENT_2);
        recipients[3] = GenesisRecipient(2, VAULT);
        recipients[4] = GenesisRecipient(5, VAULT);
    }

    /// @dev Runs creation code at `target` itself, so that the constructor's storage and immutables are that address's own.
    function _place(address target, bytes memory creation) private {
        vm.etch(target, creation);
        (bool ok, bytes memory runtime) = target.call("");
        require(ok && runtime.length != 0, "constructor failed");
        vm.etch(target, runtime);
    }
}
