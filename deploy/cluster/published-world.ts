import type { Address } from "viem";
import { z } from "zod";
import { developmentClient, type World } from "../local/world.js";

const address = z.templateLiteral(["0x", z.string()]).transform((text): Address => text);

/** What the contracts Job of dev-deps says it made, as JSON; `deployedFromBlock` in decimal. */
const publishedSchema = z.object({
  contracts: z.object({
    sessionModule: address,
    policyRegistry: address,
    vaultAdapter: address,
    metavaultRegistry: address,
    auditAnchor: address,
    gmxAdapter: address.optional(),
    swapAdapter: address.optional(),
    deployedFromBlock: z.string().transform(BigInt),
    safeSingleton: address,
    safeProxyFactory: address,
    compatibilityFallbackHandler: address,
    multiSend: address,
    multiSendCallOnly: address,
    signMessageLib: address,
  }),
  token: address,
  vault: address,
  recipients: z.array(address),
});

/** A world as text for a ConfigMap. */
export function publishWorld({ contracts, token, vault, recipients }: World): string {
  const decimal = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
  return JSON.stringify({ contracts, token, vault, recipients }, decimal, 2);
}

/** The world that was published, with a client of its chain. @throws when the text is of another version */
export function readPublishedWorld(text: string, rpcUrl: string): World {
  return { ...publishedSchema.parse(JSON.parse(text)), client: developmentClient(rpcUrl) };
}
