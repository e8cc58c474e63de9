import { Controller, Get, Inject, Res } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { DESTINATION } from "../application/emergency.service.js";
import type { Destination } from "../domain/emergency-transaction.js";
import { type EmergencyPage, lifelinePage, offlineKit } from "../page/emergency-page.js";

const HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "geolocation=(), camera=(), microphone=()",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-cache",
} as const;

/** The page for a person, and the same page to keep. Both are whole in memory: nothing is read, asked or waited for. */
@Controller()
export class PageController {
  private readonly page: EmergencyPage;
  private readonly kit: EmergencyPage;

  constructor(@Inject(DESTINATION) destination: Destination) {
    this.page = lifelinePage(destination);
    this.kit = offlineKit(destination);
  }

  @Get()
  show(@Res() reply: FastifyReply) {
    return reply
      .headers({ ...HEADERS, "content-security-policy": this.page.policy })
      .type("text/html; charset=utf-8")
      .send(this.page.html);
  }

  @Get("emergency-kit.html")
  download(@Res() reply: FastifyReply) {
    return reply
      .headers({ ...HEADERS, "content-disposition": 'attachment; filename="interlock-emergency-kit.html"' })
      .header("content-security-policy", this.kit.policy)
      .type("text/html; charset=utf-8")
      .send(this.kit.html);
  }
}
