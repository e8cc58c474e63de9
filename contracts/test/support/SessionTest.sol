// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionModule} from "../../src/SessionModule.sol";
import {IPositionCloser} from "../../src/interfaces/IPositionCloser.sol";
import {VaultAdapter} from "../../src/adapters/VaultAdapter.sol";
import {MetavaultRegistry} from "../../src/registry/MetavaultRegistry.sol";
import {PolicyRegistry} from "../../src/registry/PolicyRegistry.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy, TokenLimit} from "../../src/types/Policy.sol";
import {GenesisRecipient, GenesisRule, RuleKind} from "../../src/types/Rule.sol";
import {TestToken} from "../tokens/TestToken.sol";
import {TestVault} from "../tokens/TestVault.sol";
import {GenuineSafe} from "./GenuineSafe.sol";
import {IGenuineSafe, IProxyFactory, ISafeMessages} from "./SafeInterfaces.sol";
import {vm} from "./Vm.sol";

/// @notice The whole system on the genuine Safe bytecode (1.4.1, or 1.5.0 with INTERLOCK_SAFE=1.5.0), and builders for what tests vary.
abstract contract SessionTest is GenuineSafe {
    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant OWNER = 0xB0B;
    uint256 internal constant OWNER_2 = 0xB0B2;
    uint256 internal constant OWNER_3 = 0xB0B3;
    uint40 internal constant START = 1_800_000_000;
    uint48 internal constant DELAY = 2 days;
    address internal constant GUARDIAN = address(0x6A);
    address internal constant GOVERNOR = address(0x60);
    address internal constant SAFE_GUARDIAN = address(0x56);
    address internal constant RECIPIENT = address(0xCAFE);

    SessionModule internal module;
    PolicyRegistry internal registry;
    MetavaultRegistry internal metavaults;
    IPositionCloser internal closer;
    VaultAdapter internal adapter;
    TestToken internal token;
    TestVault internal vault;
    IGenuineSafe internal safe;
    IGenuineSafe internal multisig;
    address internal handler;
    address internal keyAddress;
    address internal owner;

    function setUp() public virtual {
        _wakeMutant();
        vm.warp(START);
        keyAddress = vm.addr(KEY);
        owner = vm.addr(OWNER);
        token = new TestToken("USD Coin", "USDC", 6);
        vault = new TestVault(token, "Vault", "vUSDC");
        metavaults = MetavaultRegistry(_production("MetavaultRegistry", ""));
        adapter = VaultAdapter(_production("VaultAdapter", abi.encode(metavaults)));
        closer = _closer();
        registry = PolicyRegistry(
            _production("PolicyRegistry", abi.encode(GUARDIAN, GOVERNOR, DELAY, _rules(), _recipients()))
        );
        module = SessionModule(_production("SessionModule", _moduleArguments()));
        _createSafes();
    }

    function _moduleArguments() internal view virtual returns (bytes memory) {
        return abi.encode(registry, metavaults, closer);
    }

    /// @dev Suites that trade bring their market here; the registry's rules are asked for afterwards.
    function _closer() internal virtual returns (IPositionCloser) {
        return IPositionCloser(address(0));
    }

    function _rules() internal view virtual returns (GenesisRule[] memory rules) {
        rules = new GenesisRule[](6);
        rules[0] = GenesisRule(address(token), token.transfer.selector, 1, 0, 1, RuleKind.Transfer, 68);
        rules[1] = GenesisRule(address(token), token.approve.selector, 1, 0, 1, RuleKind.Approve, 68);
        rules[2] = GenesisRule(address(adapter), bytes4(keccak256("deposit(address,uint256)")), 2, 0, 1, RuleKind.Adapter, 68);
        rules[3] = GenesisRule(address(adapter), bytes4(keccak256("redeem(address,uint256)")), 2, 0, 1, RuleKind.Adapter, 68);
        rules[4] = GenesisRule(address(vault), vault.deposit.selector, 1, 1, 0, RuleKind.Call, 68);
        rules[5] = GenesisRule(RECIPIENT, bytes4(0), 1, 255, 255, RuleKind.Call, 0);
    }

    function _recipients() internal view virtual returns (GenesisRecipient[] memory recipients) {
        recipients = new GenesisRecipient[](3);
        recipients[0] = GenesisRecipient(1, RECIPIENT);
        recipients[1] = GenesisRecipient(2, address(vault));
        recipients[2] = GenesisRecipient(1, address(vault));
    }

    function _createSafes() private {
        address singleton = _genuine("Safe.sol/Safe.json");
        IProxyFactory factory = IProxyFactory(_genuine("proxies/SafeProxyFactory.sol/SafeProxyFactory.json"));
        handler = _genuine("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json");
        address[] memory one = new address[](1);
        one[0] = owner;
        address[] memory three = new address[](3);
        (three[0], three[1], three[2]) = (owner, vm.addr(OWNER_2), vm.addr(OWNER_3));
        safe = _createSafe(factory, singleton, one, 1);
        multisig = _createSafe(factory, singleton, three, 2);
    }

    function _createSafe(IProxyFactory factory, address singleton, address[] memory owners, uint256 threshold)
        private
        returns (IGenuineSafe created)
    {
        bytes memory setup =
            abi.encodeCall(IGenuineSafe.setup, (owners, threshold, address(0), "", handler, address(0), 0, payable(0)));
        created = IGenuineSafe(factory.createProxyWithNonce(singleton, setup, threshold));
        vm.prank(address(created));
        created.enableModule(address(module));
        vm.prank(address(created));
        module.configure(SAFE_GUARDIAN, false);
        token.mint(address(created), 1e12);
        vm.deal(address(created), 10 ether);
    }

    /// @notice 10 transfers and 1,000 USDC per day, 300 per operation, for 30 days.
    function _policy() internal view returns (Policy memory policy) {
        policy.safe = address(safe);
        policy.key = keyAddress;
        policy.validAfter = START;
        policy.validUntil = START + 30 days;
        (policy.rateWindow, policy.maxOps, policy.budgetWindow) = (1 days, 10, 1 days);
        policy.rulesBefore = START;
        policy.protocolMask = (1 << 1) | (1 << 2);
        policy.policyHash = keccak256("document");
        policy.limits = new TokenLimit[](2);
        policy.limits[0] = TokenLimit(address(token), 300e6, 1_000e6);
        policy.limits[1] = TokenLimit(address(0), 1 ether, 2 ether);
    }

    function _arm(Policy memory policy) internal returns (bytes32) {
        vm.prank(policy.safe);
        return module.arm(policy);
    }

    function _armed() internal returns (Policy memory policy) {
        policy = _policy();
        _arm(policy);
    }

    function _transfer(address to, uint256 amount) internal view returns (Call memory) {
        return Call(address(token), 0, abi.encodeCall(token.transfer, (to, amount)));
    }

    function _exec(Policy memory policy, Call memory call) internal {
        _exec(policy, call, new bytes32[](0));
    }

    function _exec(Policy memory policy, Call memory call, bytes32[] memory proof) internal {
        vm.prank(policy.key);
        module.exec(policy, call, proof);
    }

    function _pay(Policy memory policy, uint256 amount) internal {
        _exec(policy, _transfer(RECIPIENT, amount));
    }

    function _payRefused(Policy memory policy, uint256 amount, bytes memory reason) internal {
        _execRefused(policy, _transfer(RECIPIENT, amount), reason);
    }

    function _execRefused(Policy memory policy, Call memory call, bytes memory reason) internal {
        vm.expectRevert(reason);
        _exec(policy, call);
    }

    function _domain() internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Interlock SessionModule"),
                keccak256("1"),
                block.chainid,
                address(module)
            )
        );
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _domain(), structHash));
    }

    function _execDigest(bytes32 id, Call memory call, uint256 nonce, uint48 deadline) internal view returns (bytes32) {
        bytes32 typehash =
            keccak256("Exec(bytes32 id,address to,uint256 value,bytes data,uint256 nonce,uint48 deadline)");
        return _digest(
            keccak256(abi.encode(typehash, id, call.to, call.value, keccak256(call.data), nonce, deadline))
        );
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @notice Two owners' signatures over the multisig's SafeMessage of `digest`, ascending by owner.
    function _multisigSignature(bytes32 digest) internal view returns (bytes memory) {
        bytes32 hash = ISafeMessages(handler).getMessageHashForSafe(address(multisig), abi.encode(digest));
        (bytes memory a, bytes memory b) = (_sign(OWNER, hash), _sign(OWNER_2, hash));
        return vm.addr(OWNER) < vm.addr(OWNER_2) ? abi.encodePacked(a, b) : abi.encodePacked(b, a);
    }

    function _assert(bool held, string memory what) internal pure {
        require(held, what);
    }

    function _assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        require(actual == expected, what);
    }
}
