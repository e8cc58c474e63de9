// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SessionModule} from "../../src/SessionModule.sol";
import {PolicyRegistry} from "../../src/registry/PolicyRegistry.sol";
import {Call} from "../../src/types/Call.sol";
import {Policy} from "../../src/types/Policy.sol";
import {vm} from "../support/Vm.sol";
import {TestToken} from "../tokens/TestToken.sol";
import {TestVault} from "../tokens/TestVault.sol";
import {Ledger} from "./Ledger.sol";

struct HandlerOptions {
    SessionModule module;
    PolicyRegistry registry;
    TestToken token;
    TestVault vault;
    address adapter;
    address recipient;
    address owner;
    address safeGuardian;
    address registryGuardian;
    address governor;
    uint256 key;
    bytes template;
    bytes32 domain;
}

/// @notice Random actions of everybody who may act. An action that is refused must be refused for a reason that is true.
contract SessionHandler is Ledger {
    bytes32 private constant EXEC_TYPE =
        keccak256("Exec(bytes32 id,address to,uint256 value,bytes data,uint256 nonce,uint48 deadline)");
    uint256 private constant LIVE = 3;

    SessionModule private immutable module;
    PolicyRegistry private immutable registry;
    TestToken private immutable token;
    TestVault private immutable vault;
    address private immutable adapter;
    address private immutable recipient;
    address private immutable owner;
    address private immutable safeGuardian;
    address private immutable registryGuardian;
    address private immutable governor;
    uint256 private immutable key;
    bytes32 private immutable domain;
    address private immutable safe;
    bytes private template;
    bytes32[] private noProof;

    constructor(HandlerOptions memory options) {
        (module, registry, token, vault) = (options.module, options.registry, options.token, options.vault);
        (adapter, recipient, owner) = (options.adapter, options.recipient, options.owner);
        (safeGuardian, registryGuardian, governor) = (options.safeGuardian, options.registryGuardian, options.governor);
        (key, domain, template, clock) = (options.key, options.domain, options.template, block.timestamp);
        safe = abi.decode(options.template, (Policy)).safe;
        for (uint256 i; i < LIVE; ++i) _armNext();
    }

    function spend(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        uint256 amount = _amount(policy, draw);
        vm.prank(policy.key);
        try module.exec(policy, _transfer(amount), noProof) {
            _record(session, "spend", _one(amount, 0));
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function spendNative(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        uint256 value = draw % (policy.limits[1].perOp + 2);
        vm.prank(policy.key);
        try module.exec(policy, Call(recipient, value, ""), noProof) {
            _record(session, "spendNative", _one(0, value));
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function spendSigned(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        (uint256 amount, uint256 nonce) = (_amount(policy, draw), draw % 5);
        uint48 deadline = uint48(clock + (draw / 5) % 3 - 1);
        Call memory call = _transfer(amount);
        bytes memory signature = _sign(draw % 11 == 0 ? key + 1 : key, sessions[session].id, call, nonce, deadline);
        try module.execSigned(policy, call, noProof, nonce, deadline, signature) {
            require(deadline >= clock && draw % 11 != 0, "a late or foreign intent passed");
            require(!nonceUsed[session][nonce], "an intent ran twice");
            nonceUsed[session][nonce] = true;
            _record(session, "spendSigned", _one(amount, 0));
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function batch(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        Call[] memory calls = new Call[](draw % 5);
        Use[] memory happened = new Use[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            uint256 amount = (draw >> (8 * i + 8)) % (policy.limits[0].perOp / 2);
            (calls[i], happened[i]) = (_transfer(amount), Use(clock, amount, 0));
        }
        vm.prank(policy.key);
        try module.execBatch(policy, calls, new bytes32[][](calls.length)) {
            _record(session, "batch", happened);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev An approval and what uses it up, or does not.
    function approveAndDeposit(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        uint256 amount = _amount(policy, draw);
        uint256 used = draw % 3 == 0 ? amount / 2 : amount;
        Call[] memory calls = new Call[](2);
        calls[0] = Call(address(token), 0, abi.encodeCall(token.approve, (address(vault), amount)));
        calls[1] = Call(address(vault), 0, abi.encodeCall(vault.deposit, (used, safe)));
        vm.prank(policy.key);
        try module.execBatch(policy, calls, new bytes32[][](2)) {
            require(used == amount, "an allowance was left");
            Use[] memory happened = new Use[](2);
            (happened[0], happened[1]) = (Use(clock, amount, 0), Use(clock, 0, 0));
            _keep("approveAndDeposit", session, happened, amount);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function deposit(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        uint256 amount = _amount(policy, draw);
        bytes memory args = abi.encodeWithSignature("deposit(address,uint256)", vault, amount);
        vm.prank(policy.key);
        try module.execAdapter(policy, adapter, args, noProof) {
            _keep("deposit", session, _one(amount, 0), amount);
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    function redeem(uint256 pick, uint256 draw, uint256 jump) external {
        (uint256 session, Policy memory policy) = _choose(pick, jump);
        uint256 shares = draw % (vault.balanceOf(safe) + 2);
        vm.prank(policy.key);
        try module.execAdapter(policy, adapter, abi.encodeWithSignature("redeem(address,uint256)", vault, shares), noProof) {
            deposited -= shares;
            _record(session, "redeem", _one(0, 0));
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev A stranger, an unlisted recipient, more than a batch, a call to the Safe: never.
    function trespass(uint256 pick, uint256 draw, uint256 jump) external {
        (, Policy memory policy) = _choose(pick, jump);
        Call memory call = _transfer(1);
        if (draw % 4 == 1) call.to = safe;
        if (draw % 4 == 2) call.data = abi.encodeCall(token.transfer, (address(this), 1));
        if (draw % 4 == 3) call.data = abi.encodePacked(call.data, uint8(0));
        vm.prank(draw % 4 == 0 ? address(this) : policy.key);
        try module.exec(policy, call, noProof) {
            revert("a trespass succeeded");
        } catch (bytes memory reason) {
            _refuse(reason);
            ++done["trespass"];
        }
    }

    function disarm(uint256 pick, uint256 draw) external {
        if (draw % 8 != 0) return;
        uint256 session = sessions.length - 1 - pick % LIVE;
        Policy memory policy = abi.decode(sessions[session].policy, (Policy));
        vm.prank(draw / 8 % 3 == 0 ? owner : draw / 8 % 3 == 1 ? safeGuardian : policy.key);
        if (draw / 8 % 3 == 2) module.forfeit(policy);
        else module.disarm(safe, sessions[session].id);
        sessions[session].revoked = true;
        ++done["disarm"];
        _armNext();
    }

    function disarmAll(uint256 draw) external {
        if (draw % 16 != 0) return;
        vm.prank(draw % 32 == 0 ? owner : safeGuardian);
        module.disarmAll(safe);
        epoch += 1;
        ++done["disarmAll"];
        for (uint256 i; i < LIVE; ++i) _armNext();
    }

    function pause(uint256 draw) external {
        vm.warp(clock);
        if (paused || draw % 16 != 0) return;
        vm.prank(registryGuardian);
        registry.pauseProtocol(1);
        vm.prank(registryGuardian);
        registry.pauseProtocol(2);
        paused = true;
        ++done["pause"];
    }

    /// @dev Waits out the delay; the sessions of before are then mostly expired.
    function unpause(uint256 draw) external {
        vm.warp(clock);
        if (!paused) return;
        vm.prank(governor);
        registry.queueUnpause(1);
        vm.prank(governor);
        registry.queueUnpause(2);
        clock += registry.delay();
        vm.warp(clock);
        paused = false;
        ++done["unpause"];
        if (draw % 4 != 0) for (uint256 i; i < LIVE; ++i) _armNext();
    }

    function rearm(uint256 pick) external {
        Session storage session = sessions[sessions.length - 1 - pick % LIVE];
        Policy memory policy = abi.decode(session.policy, (Policy));
        vm.warp(clock);
        vm.prank(safe);
        try module.arm(policy) {
            revert("an id was armed twice");
        } catch (bytes memory reason) {
            _refuse(reason);
        }
    }

    /// @dev A fresh session of the current epoch; three kinds take turns.
    function _armNext() private {
        vm.warp(clock);
        Policy memory policy = abi.decode(template, (Policy));
        uint256 kind = sessions.length % 3;
        policy.policyHash = bytes32(sessions.length);
        policy.epoch = epoch;
        policy.validAfter = uint40(clock + (kind == 1 ? 20 : 0));
        policy.validUntil = policy.validAfter + (kind == 2 ? 6 hours : 30 days);
        policy.maxOps = kind == 0 ? 8 : kind == 1 ? 0 : 3;
        policy.rateWindow = kind == 2 ? 100 : 1 hours;
        policy.budgetWindow = kind == 1 ? 100 : 1 hours;
        vm.prank(safe);
        bytes32 id = module.arm(policy);
        sessions.push(Session(abi.encode(policy), id, false));
        ++done["arm"];
    }

    function _choose(uint256 pick, uint256 jump) private returns (uint256 session, Policy memory policy) {
        // Mostly a session of today; now and then one that was revoked or of an old epoch.
        uint256 back = pick % 8 == 0 ? pick / 8 % sessions.length : pick / 8 % LIVE;
        session = sessions.length - 1 - back;
        _advance(session, jump);
        policy = abi.decode(sessions[session].policy, (Policy));
    }

    /// @dev Often the whole of what is left, or one more.
    function _amount(Policy memory policy, uint256 draw) private view returns (uint256) {
        (uint256 left,,) = module.remaining(policy, address(token));
        if (draw % 8 == 0) return left;
        if (draw % 8 == 1) return left + 1;
        return draw % 8 == 2 ? policy.limits[0].perOp + draw / 8 % 2 : draw / 8 % (policy.limits[0].perOp / 2);
    }

    function _keep(string memory action, uint256 session, Use[] memory happened, uint256 amount) private {
        _record(session, action, happened);
        (paid, deposited) = (paid - amount, deposited + amount);
    }

    function _one(uint256 spent, uint256 native) private view returns (Use[] memory happened) {
        happened = new Use[](1);
        happened[0] = Use(clock, spent, native);
    }

    function _transfer(uint256 amount) private view returns (Call memory) {
        return Call(address(token), 0, abi.encodeCall(token.transfer, (recipient, amount)));
    }

    function _sign(uint256 signer, bytes32 id, Call memory call, uint256 nonce, uint48 deadline)
        private
        view
        returns (bytes memory)
    {
        bytes32 hash = keccak256(abi.encode(EXEC_TYPE, id, call.to, call.value, keccak256(call.data), nonce, deadline));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer, keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return abi.encodePacked(r, s, v);
    }
}
