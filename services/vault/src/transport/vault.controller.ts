import { Controller, Inject } from "@nestjs/common";
import { requireCaller } from "#platform/grpc/request-context.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { SingleUseToken } from "#platform/service-auth/single-use-token.decorator.js";
import {
  type DescribeKeyRequest,
  type DescribeKeyResponse,
  type DisarmRequest,
  type DisarmResponse,
  type GenerateKeyRequest,
  type GenerateKeyResponse,
  type SealFloorRequest,
  type SealFloorResponse,
  type SignRequest,
  type SignResponse,
  type VaultServiceController,
  VaultServiceControllerMethods,
} from "#proto/interlock/vault/v1/vault.js";
import { USE_CASES, type UseCases } from "../application/use-cases.js";
import { describeKey } from "./describe-key.js";
import { generateKeyResponse } from "./generate-key-response.js";

/** The five RPCs of the vault. */
@Controller()
@VaultServiceControllerMethods()
export class VaultController implements VaultServiceController {
  constructor(@Inject(USE_CASES) private readonly useCases: UseCases) {}

  @Callers("permissions")
  async generateKey(request: GenerateKeyRequest): Promise<GenerateKeyResponse> {
    return generateKeyResponse(await this.useCases.generate.run(request));
  }

  @Callers("permissions")
  sealFloor(request: SealFloorRequest): Promise<SealFloorResponse> {
    return this.useCases.seal.run(request);
  }

  @Callers("relay")
  @SingleUseToken()
  sign(request: SignRequest): Promise<SignResponse> {
    return this.useCases.sign.run(request);
  }

  /** From anybody but permissions only with an owner's signature, which the use case demands. */
  @Callers("permissions", "gateway", "relay", "monitor", "lifeline")
  disarm(request: DisarmRequest): Promise<DisarmResponse> {
    return this.useCases.disarm.run(request, requireCaller());
  }

  @Callers("permissions", "relay", "monitor")
  async describeKey(request: DescribeKeyRequest): Promise<DescribeKeyResponse> {
    return describeKey(await this.useCases.find(request.keyRef));
  }
}
