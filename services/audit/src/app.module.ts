import { type DynamicModule, Module } from "@nestjs/common";
import { Serving } from "./application/serving.js";
import { AuditController } from "./transport/audit.controller.js";

@Module({})
class AuditModule {}

/** Audit as a whole: the stream for readers; what feeds it runs beside. */
export function auditModule(serving: Serving): DynamicModule {
  return { module: AuditModule, controllers: [AuditController], providers: [{ provide: Serving, useValue: serving }] };
}
