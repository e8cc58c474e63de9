import { type DynamicModule, Module } from "@nestjs/common";
import { UseCases } from "./application/use-cases.js";
import { PermissionsController } from "./transport/permissions.controller.js";

@Module({})
class PermissionsModule {}

/** Permissions as a Nest module around what it can do. */
export function permissionsModule(useCases: UseCases): DynamicModule {
  return { module: PermissionsModule, controllers: [PermissionsController], providers: [{ provide: UseCases, useValue: useCases }] };
}
