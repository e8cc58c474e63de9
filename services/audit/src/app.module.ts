import { type DynamicModule, Module } from "@nestjs/common";
import { Reading } from "./application/reading.js";
import { AuditController } from "./transport/audit.controller.js";

@Module({})
class AuditModule {}

/** Audit as a whole: the stream for readers; what feeds it runs beside. */
export function auditModule(reading: Reading): DynamicModule {
  return { module: AuditModule, controllers: [AuditController], providers: [{ provide: Reading, useValue: reading }] };
}
