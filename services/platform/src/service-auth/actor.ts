import { z } from "zod";

/** Kinds of principals a service may act for. */
export const ACTOR_KINDS = ["owner", "agent", "operator"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** `act` of a service token: the principal on whose behalf the caller calls. Set by the gateway, passed on unchanged. */
export const actorSchema = z.strictObject({
  /** Owner: the EOA or account that logged in; agent: its credential id. */
  sub: z.string().min(1).max(200),
  kind: z.enum(ACTOR_KINDS),
  /** Accounts the principal may see, as lower-case `chainId:0xaddress`. */
  accounts: z.array(z.string().regex(/^[1-9][0-9]{0,19}:0x[0-9a-f]{40}$/)).max(64),
  /** The one session an agent credential is good for. */
  sessionId: z.string().optional(),
  /** How the principal proved itself: siwe-eoa, siwe-erc1271, private_key_jwt ... */
  authMethod: z.string().optional(),
});

export type Actor = z.infer<typeof actorSchema>;

/** Text that is equal for equal actors: the key of the token cache. */
export function actorKey(actor: Actor | undefined): string {
  if (actor === undefined) return "";
  return JSON.stringify([actor.kind, actor.sub, [...actor.accounts].sort(), actor.sessionId ?? "", actor.authMethod ?? ""]);
}
