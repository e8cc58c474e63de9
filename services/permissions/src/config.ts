import { z } from "zod";
import { chainVariables, databaseVariables, eventLogVariables, grpcVariables, peerAddress } from "#platform/config/common-variables.js";
import { integer } from "#platform/config/schemas.js";
import { type ConfigOf, variable } from "#platform/config/variable.js";
import { p256PrivateText } from "./ticket-key-text.js";

/** Every variable of permissions. */
export const configDefinition = {
  ...grpcVariables,
  ...databaseVariables,
  ...eventLogVariables,
  ...chainVariables,
  policyAddress: peerAddress("policy"),
  vaultAddress: peerAddress("vault"),
  ticketKey: variable({
    env: "TICKET_KEY",
    schema: p256PrivateText,
    secret: true,
    description: "Private P-256 JWK with a kid, which authorization tickets are signed with; normally given as TICKET_KEY_FILE.",
  }),
  spoolDir: variable({
    env: "SPOOL_DIR",
    schema: z.string().min(1).optional(),
    description:
      "Folder that outlives the process, of this replica alone: stops accepted while the database is away wait there. Without it they wait in memory only.",
    example: "/var/lib/interlock/spool",
  }),
  outboxCap: variable({
    env: "OUTBOX_CAP",
    schema: integer(1, 1_000_000_000).default(100_000),
    description:
      "Events that may wait for the event log while it is away; from there on USE, ARM and GENERATE are refused. DISARM never is.",
  }),
  fenceRetryMs: variable({
    env: "FENCE_RETRY_MS",
    schema: integer(100, 60_000).default(2_000),
    description: "Milliseconds between tries to have the vault shred the keys of ended sessions.",
  }),
};

export type Config = ConfigOf<typeof configDefinition>;
