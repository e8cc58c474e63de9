import { type DynamicModule, Module } from "@nestjs/common";
import { AUTH_USE_CASES, type AuthUseCases } from "./application/use-cases.js";
import { AuthController } from "./transport/auth.controller.js";

@Module({})
class AuthModule {}

/** Auth as a whole, around its use cases. */
export function authModule(useCases: AuthUseCases): DynamicModule {
  return { module: AuthModule, controllers: [AuthController], providers: [{ provide: AUTH_USE_CASES, useValue: useCases }] };
}
