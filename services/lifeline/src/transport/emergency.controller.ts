import { Body, Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from "@nestjs/common";
import { EmergencyService } from "../application/emergency.service.js";
import { RateLimitGuard } from "./rate-limit.guard.js";
import { accountParameter, parse, prepareBody, submitBody } from "./schemas.js";

/** The emergency path over HTTP. No login: the owner's signature on the transaction is the authentication. */
@Controller("emergency")
@UseGuards(RateLimitGuard)
export class EmergencyController {
  constructor(@Inject(EmergencyService) private readonly emergency: EmergencyService) {}

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

  /** Calldata for any wallet or block explorer; right even with every RPC dead. */
  @Get("calldata/:account")
  calldata(@Param("account") account: string) {
    return this.emergency.calldata(parse(accountParameter, account, "account"));
  }
}
