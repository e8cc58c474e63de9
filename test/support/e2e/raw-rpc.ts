import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { fromGrpcError } from "#platform/errors/from-grpc.js";
import type { InterlockError } from "#platform/errors/interlock-error.js";
import { callMetadata } from "#platform/grpc/metadata-headers.js";
import { loadProto } from "#platform/grpc/proto.js";
import { findService, methodsOf } from "#platform/grpc/service-definition.js";

const DEADLINE = 10_000;

/** A caller that shows whatever token it likes, or none. */
export class RawRpc {
  private readonly channel: Client;
  private readonly methods: ReturnType<typeof methodsOf>;

  constructor(
    private readonly service: string,
    address: string,
  ) {
    const packageName = `interlock.${service}.v1`;
    const definition = loadProto([packageName]);
    const names = Object.keys(definition).filter((name) => name.startsWith(packageName) && name.endsWith("Service"));
    const services = names.map((name) => findService(definition, packageName, name.slice(packageName.length + 1)));
    this.methods = new Map(services.flatMap((one) => [...methodsOf(one)]));
    this.channel = new Client(address, credentials.createInsecure());
  }

  /** Names of the RPCs, as `PolicyService/decide` calls them. */
  get names(): readonly string[] {
    return [...this.methods.keys()];
  }

  /** How a call with an empty request is refused; undefined when it is answered. */
  async refusal(method: string, token: string | undefined): Promise<InterlockError | undefined> {
    const found = this.methods.get(method);
    if (found === undefined) throw new Error(`${this.service} has no RPC ${method}`);
    const { path, requestSerialize, responseDeserialize, responseStream } = found;
    const metadata = callMetadata(token, {});
    const options = { deadline: Date.now() + DEADLINE };
    const error = await new Promise<ServiceError | undefined>((resolve) => {
      if (!responseStream) {
        this.channel.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, metadata, options, (failed) =>
          resolve(failed ?? undefined),
        );
        return;
      }
      const stream = this.channel.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {}, metadata, options);
      const answered = () => {
        stream.cancel();
        resolve(undefined);
      };
      stream
        .once("error", (failed: ServiceError) => resolve(failed))
        .once("data", answered)
        .once("end", answered);
    });
    return error === undefined ? undefined : fromGrpcError(error, this.service);
  }

  close(): void {
    this.channel.close();
  }
}
