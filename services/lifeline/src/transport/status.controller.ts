import { Controller, Get, Header, Inject, Res } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { RpcFleet } from "../adapters/rpc-fleet.js";
import { DESTINATION } from "../application/emergency.service.js";
import type { Destination } from "../domain/emergency-transaction.js";
import { emergencyPage } from "./emergency-page.js";

/** What lifeline can do right now, probes for the kubelet, and the page for a person. */
@Controller()
export class StatusController {
  constructor(
    @Inject(RpcFleet) private readonly chain: RpcFleet,
    @Inject(DESTINATION) private readonly destination: Destination,
  ) {}

  /** Capabilities as they are now; calldata is always on. */
  @Get("status")
  async status() {
    const rpcs = await this.chain.health();
    const reachable = rpcs.some(({ up }) => up);
    return {
      service: "lifeline",
      chainId: this.destination.chainId,
      module: this.destination.module,
      conditions: reachable ? [] : ["RpcDegraded"],
      capabilities: { emergencyCalldata: true, emergencyPrepare: reachable, emergencySubmit: reachable },
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

  @Get()
  @Header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
  )
  page(@Res() reply: FastifyReply) {
    return reply.type("text/html; charset=utf-8").send(emergencyPage(this.destination));
  }
}
