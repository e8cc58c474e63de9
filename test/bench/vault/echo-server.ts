import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { GrpcMethod } from "@nestjs/microservices";
import type { SignResponse } from "#proto/interlock/vault/v1/vault.js";
import { grpcVariables } from "../../../services/platform/src/config/common-variables.js";
import { startService } from "../../../services/platform/src/runtime/start-service.js";
import { Callers } from "../../../services/platform/src/service-auth/callers.decorator.js";
import { SingleUseToken } from "../../../services/platform/src/service-auth/single-use-token.decorator.js";

/** Sign's own RPC with nothing behind it: the same server, guards and messages. */
@Controller()
class EchoController {
  @GrpcMethod("VaultService", "Sign")
  @Callers("relay")
  @SingleUseToken()
  sign(): SignResponse {
    return { signature: `0x${"00".repeat(65)}`, digest: `0x${"00".repeat(32)}`, replayed: false };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const { port } = await startService({
  name: "vault",
  config: { ...grpcVariables },
  capabilities: {},
  grpc: { packages: ["interlock.vault.v1"] },
  module: () => EchoModule,
});
process.send?.({ port });
process.on("disconnect", () => process.exit(0));
