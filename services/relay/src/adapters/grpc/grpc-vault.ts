import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { VaultServiceClient } from "#proto/interlock/vault/v1/vault.js";
import type { SignOrder, VaultPort } from "../../application/vault-port.js";

const SIGNATURE = /^0x[0-9a-f]{130}$/i;

/** The vault over gRPC. Each call carries a token of its own, because the vault takes a token once. */
export class GrpcVault implements VaultPort {
  constructor(private readonly client: GrpcClient<VaultServiceClient>) {}

  async sign(order: SignOrder): Promise<{ readonly signature: Hex; readonly digest: Hex }> {
    const { signature, digest } = await this.client.sign({ ...order }, { act: null, freshToken: true, deadlineMs: 4_000 });
    if (!SIGNATURE.test(signature)) throw new InterlockError("INTERNAL", "the vault's signature is not 65 bytes");
    return { signature: `0x${signature.slice(2)}`, digest: `0x${digest.slice(2)}` };
  }
}
