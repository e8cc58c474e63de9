import type { Address } from "viem";
import { z } from "zod";
import { InterlockError } from "../errors/interlock-error.js";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
  .transform((text) => text.toLowerCase() as Address);

/** Where Interlock's contracts stand on one chain. Keys this version does not know are ignored. */
export const deploymentSchema = z.object({
  chainId: z.int().min(1),
  module: address,
  registry: address,
  metavaults: address,
  adapters: z.object({ vault: address }),
  /** Protocol labels of the policy language and their ids on chain; 0 is no protocol. */
  protocols: z.record(z.string(), z.int().min(1).max(255)),
  /** Blocks after which what happened counts as final. */
  confirmations: z.int().min(0),
});

export type Deployment = z.output<typeof deploymentSchema>;

/** Parses the text of a deployment file. @throws InterlockError CONFIG_INVALID naming the wrong field. */
export function parseDeployment(text: string): Deployment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InterlockError("CONFIG_INVALID", "DEPLOYMENT_FILE: must be JSON", { cause });
  }
  const parsed = deploymentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InterlockError("CONFIG_INVALID", `DEPLOYMENT_FILE: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is malformed"}`);
}
