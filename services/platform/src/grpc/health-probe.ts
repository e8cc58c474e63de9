import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { service } from "grpc-health-check";
import { InterlockError } from "../errors/interlock-error.js";
import { CHANNEL_OPTIONS } from "./channel-options.js";

/** Asks a peer's gRPC health service whether it serves; for a dependency watch. */
export interface HealthProbe {
  check(signal: AbortSignal): Promise<void>;
  close(): void;
}

type Unary = (request: object, options: object, done: (error: Error | null, answer?: { readonly status?: string }) => void) => object;

/** A probe of the peer at `address`, of one capability of it or of the process as a whole; connects when first asked. */
export function grpcHealthProbe(peer: string, address: string, capability = ""): HealthProbe {
  const Client = makeGenericClientConstructor(service, "Health");
  const client = new Client(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  const unary: unknown = Reflect.get(client, "check");
  return {
    check: () =>
      new Promise((resolve, reject) => {
        const away = (cause?: Error) => reject(new InterlockError("DEPENDENCY_UNAVAILABLE", `${peer} does not serve`, { cause }));
        if (!isUnary(unary)) return away();
        unary.call(client, { service: capability }, { deadline: Date.now() + 1_500 }, (error, answer) => {
          if (error === null && (answer?.status === "SERVING" || Number(answer?.status) === 1)) resolve();
          else away(error ?? undefined);
        });
      }),
    close: () => client.close(),
  };
}

function isUnary(value: unknown): value is Unary {
  return typeof value === "function";
}
