import { Controller, Inject } from "@nestjs/common";
import { parseBytes } from "#platform/intent/field.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import {
  type DestroyKekRequest,
  type DestroyKekResponse,
  type KekStatusResponse,
  type PauseRewrapResponse,
  type PrepareDestroyRequest,
  type PrepareDestroyResponse,
  type RotateKekResponse,
  type SetMinDecryptVersionRequest,
  type SetMinDecryptVersionResponse,
  type StartRewrapRequest,
  type StartRewrapResponse,
  type UnsealRequest,
  type UnsealResponse,
  type VaultAdminServiceController,
  VaultAdminServiceControllerMethods,
} from "#proto/interlock/vault/v1/vault_admin.js";
import { USE_CASES, type UseCases } from "../application/use-cases.js";
import { kekStatusResponse, rewrapProgress } from "./kek-status-response.js";

const MAX_SHARE_BYTES = 1_024;

/** What operators may ask of the key ring. */
@Controller()
@Callers("operator")
@VaultAdminServiceControllerMethods()
export class VaultAdminController implements VaultAdminServiceController {
  constructor(@Inject(USE_CASES) private readonly useCases: UseCases) {}

  async kekStatus(): Promise<KekStatusResponse> {
    return kekStatusResponse(await this.useCases.keks.status());
  }

  async unseal({ encapsulated, ciphertext }: UnsealRequest): Promise<UnsealResponse> {
    const { have, need, sealed } = await this.useCases.keks.unseal({
      encapsulated: parseBytes("encapsulated", encapsulated, 32),
      ciphertext: parseBytes("ciphertext", ciphertext, MAX_SHARE_BYTES),
    });
    return { sealed, sharesHave: have, sharesNeed: need };
  }

  async rotateKek(): Promise<RotateKekResponse> {
    return { activeVersion: await this.useCases.keks.rotate() };
  }

  async startRewrap({ rowsPerSecond }: StartRewrapRequest): Promise<StartRewrapResponse> {
    return { progress: rewrapProgress(await this.useCases.keks.startRewrap(rowsPerSecond)) };
  }

  async pauseRewrap(): Promise<PauseRewrapResponse> {
    return { progress: rewrapProgress(await this.useCases.keks.pauseRewrap()) };
  }

  async setMinDecryptVersion({ version }: SetMinDecryptVersionRequest): Promise<SetMinDecryptVersionResponse> {
    return { minDecryptVersion: await this.useCases.keks.setMinDecryptVersion(version) };
  }

  prepareDestroy({ version }: PrepareDestroyRequest): Promise<PrepareDestroyResponse> {
    return this.useCases.keks.prepareDestroy(version);
  }

  destroyKek({ request, signatures }: DestroyKekRequest): Promise<DestroyKekResponse> {
    return this.useCases.keks.destroy(request, signatures);
  }
}
