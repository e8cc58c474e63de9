import { Body, Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from "@nestjs/common";
import { EmergencyService } from "../application/emergency.service.js";
import { SponsorService } from "../application/sponsor.service.js";
import { RateLimitGuard } from "./rate-limit.guard.js";
import { accountParameter, parse, prepareBody, sponsorBody, submitBody, transactionHash } from "./schemas.js";

/** The emergency path over HTTP. No login: the owner's signature on the transaction is the authentication. */
@Controller("emergency")
@UseGuards(RateLimitGuard)
export class EmergencyController {
  constructor(
    @Inject(EmergencyService) private readonly emergency: EmergencyService,
    @Inject(SponsorService) private readonly sponsoring: SponsorService,
  ) {}

  /** The unsigned transaction that closes or disarms, for the owner's wallet. */
  @Post("prepare")
  @HttpCode(200)
  prepare(@Body() body: unknown) {
    const { policyId, ...request } = parse(prepareBody, body, "body");
    return this.emergency.prepare(policyId === undefined ? request : { ...request, policyId });
  }

  /** Forwards a signed emergency transaction to every RPC. */
  @Post("submit")
  @HttpCode(202)
  submit(@Body() body: unknown) {
    return this.emergency.submit(parse(submitBody, body, "body").rawTransaction);
  }

  /** Pays for what the owner signed, or says what anybody may send for them. */
  @Post("sponsor")
  @HttpCode(202)
  sponsor(@Body() body: unknown) {
    return this.sponsoring.submit(parse(sponsorBody, body, "body"));
  }

  /** Where a transaction stands. */
  @Get("transactions/:hash")
  transaction(@Param("hash") hash: string) {
    return this.emergency.transaction(parse(transactionHash, hash, "hash"));
  }

  /** Calldata for any wallet or block explorer; right even with every RPC dead. */
  @Get("calldata/:account")
  calldata(@Param("account") account: string) {
    return this.emergency.calldata(parse(accountParameter, account, "account"));
  }
}
