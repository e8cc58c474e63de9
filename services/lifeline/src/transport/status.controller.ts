import { Controller, Get, Inject } from "@nestjs/common";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { RpcFleet } from "../adapters/rpc-fleet.js";
import { DESTINATION, HELD } from "../application/emergency.service.js";
import { SelfTest } from "../application/self-test.js";
import { SponsorService } from "../application/sponsor.service.js";
import type { Destination } from "../domain/emergency-transaction.js";
import { pathMode } from "../domain/path-mode.js";

/** What lifeline can do right now, and probes for the kubelet. */
@Controller()
export class StatusController {
  constructor(
    @Inject(RpcFleet) private readonly chain: RpcFleet,
    @Inject(DESTINATION) private readonly destination: Destination,
    @Inject(HELD) private readonly capabilities: Pick<CapabilityRegistry, "held">,
    @Inject(SponsorService) private readonly sponsoring: SponsorService,
    @Inject(SelfTest) private readonly selfTest: SelfTest,
  ) {}

  /** Capabilities as they are now; calldata is always on. */
  @Get("status")
  async status() {
    const rpcs = await this.chain.health();
    const held = this.capabilities.held();
    const conditions = rpcs.some(({ up }) => up) ? [...held] : [...new Set([...held, "RpcDegraded" as const])];
    const { mode, forwards } = pathMode(new Set(conditions));
    return {
      service: "lifeline",
      chainId: this.destination.chainId,
      module: this.destination.module,
      conditions,
      mode,
      capabilities: { emergencyCalldata: true, emergencyPrepare: forwards, emergencySubmit: forwards },
      sponsors: forwards && this.sponsoring.sponsors,
      selfTest: this.selfTest.last ?? null,
      rpcs,
    };
  }

  /** Alive as soon as it answers: a dead RPC is no reason to restart. */
  @Get("livez")
  livez() {
    return { alive: true };
  }

  /** Ready as soon as it listens: calldata needs nothing. */
  @Get("readyz")
  readyz() {
    return { ready: true };
  }
}
