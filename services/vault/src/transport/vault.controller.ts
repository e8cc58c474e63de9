import { Controller, Inject } from "@nestjs/common";
import { Serves } from "#platform/degradation/serves.decorator.js";
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
  @Serves("arm")
  async generateKey(request: GenerateKeyRequest): Promise<GenerateKeyResponse> {
    return generateKeyResponse(await this.useCases.generate.run(request));
  }

  @Callers("permissions")
  @Serves("arm")
  sealFloor(request: SealFloorRequest): Promise<SealFloorResponse> {
    return this.useCases.seal.run(request);
  }

  @Callers("relay")
  @SingleUseToken()
  @Serves("useOpen")
  sign(request: SignRequest): Promise<SignResponse> {
    return this.useCases.sign.run(request);
  }

  /** From anybody but permissions only with an owner's signature, which the use case demands. */
  @Callers("permissions", "gateway", "relay", "monitor", "lifeline")
  @Serves("disarm")
  disarm(request: DisarmRequest): Promise<DisarmResponse> {
    return this.useCases.disarm.run(request, requireCaller());
  }

  @Callers("permissions", "relay", "monitor")
  async describeKey(request: DescribeKeyRequest): Promise<DescribeKeyResponse> {
    return describeKey(await this.useCases.find(request.keyRef));
  }
}
