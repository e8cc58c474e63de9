import { z } from "zod";
import { SERVICES, type ServiceName } from "../../../deploy/local/service-environment.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { until } from "./until.js";

const statusSchema = z
  .object({
    conditions: z.array(z.object({ condition: z.string() })),
    dependencies: z.array(z.object({ name: z.string(), up: z.boolean() })).default([]),
  })
  .loose();
export type ServiceStatus = z.infer<typeof statusSchema>;

/** What a service says of itself on its health port. */
export async function statusOf({ settings }: Stack, name: ServiceName): Promise<ServiceStatus> {
  const response = await fetch(`http://127.0.0.1:${settings.ports[name].health}/status`, { signal: AbortSignal.timeout(2_000) });
  return statusSchema.parse(await response.json());
}

/** True when a service complains of nothing. */
export const isWell = ({ conditions, dependencies }: ServiceStatus): boolean =>
  conditions.length === 0 && dependencies.every(({ up }) => up);

/** Waits until every service complains of nothing. @throws Error naming the first that still does */
export async function untilAllWell(stack: Stack, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const name of SERVICES) {
    const well = async () => (isWell(await statusOf(stack, name)) ? true : undefined);
    await until(`${name} is well`, well, Math.max(0, deadline - Date.now()));
  }
}
