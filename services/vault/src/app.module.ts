import { type DynamicModule, Module } from "@nestjs/common";
import { USE_CASES, type UseCases } from "./application/use-cases.js";
import { VaultController } from "./transport/vault.controller.js";
import { VaultAdminController } from "./transport/vault-admin.controller.js";

@Module({})
class VaultModule {}

/** The vault's shell around its use cases. */
export function vaultModule(useCases: UseCases): DynamicModule {
  return {
    module: VaultModule,
    controllers: [VaultController, VaultAdminController],
    providers: [{ provide: USE_CASES, useValue: useCases }],
  };
}
