import type { ConfigDefinition, ConfigOf } from "../config/variable.js";
import type { Border } from "./border.js";
import { splitListenAddress } from "./listen-address.js";
import type { ServiceRuntime } from "./service-runtime.js";
import type { HttpSpec } from "./service-spec.js";

/** Opens the HTTP port of a service. */
export async function openHttpBorder<Definition extends ConfigDefinition>(
  spec: HttpSpec<ConfigOf<Definition>>,
  runtime: ServiceRuntime<ConfigOf<Definition>>,
): Promise<Border> {
  const { host, port } = splitListenAddress(spec.listen(runtime.config));
  const app = await spec.create(runtime);
  await app.listen(port, host);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close());
  return {
    host,
    port,
    app: undefined,
    notServing: () => undefined,
    startConsuming: () => Promise.resolve(),
    stopConsuming: () => Promise.resolve(),
    async drain(graceMs) {
      let timer: NodeJS.Timeout | undefined;
      const timedOut = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), graceMs);
      });
      const graceful = await Promise.race([close().then(() => true), timedOut]);
      clearTimeout(timer);
      return graceful;
    },
    close: () => Promise.resolve(),
  };
}
