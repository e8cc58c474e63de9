import type { JWK } from "jose";
import { z } from "zod";
import type { Trust } from "../service-auth/trust.js";

/** The part of every service's configuration that the kit itself reads; services spread it in by `grpcVariables` or `processVariables`. */
export interface PlatformConfig {
  readonly logLevel: string;
  readonly healthPort: number;
  readonly shutdownGraceMs: number;
  readonly development: boolean;
  readonly degradationFloorFile?: string | undefined;
  readonly degradationFloorPollMs: number;
  readonly degradationClearMs: number;
  readonly degradationDwellMs: number;
  readonly degradationBudgetMs: number;
  readonly otlpEndpoint?: string | undefined;
  readonly healthHost?: string | undefined;
  readonly grpcListen?: string | undefined;
  readonly trust?: Trust | undefined;
  readonly serviceKey?: JWK | undefined;
}

const platformConfig = z.object({
  logLevel: z.string(),
  healthPort: z.number(),
  shutdownGraceMs: z.number(),
  development: z.boolean(),
  degradationFloorFile: z.string().optional(),
  degradationFloorPollMs: z.number(),
  degradationClearMs: z.number(),
  degradationDwellMs: z.number(),
  degradationBudgetMs: z.number(),
  otlpEndpoint: z.string().optional(),
  healthHost: z.string().optional(),
  grpcListen: z.string().optional(),
  trust: z.custom<Trust>((value) => value === undefined || typeof value === "object").optional(),
  serviceKey: z.custom<JWK>((value) => value === undefined || typeof value === "object").optional(),
});

/** The kit's own view of a loaded configuration. @throws ZodError when a service left `processVariables` out: a mistake of its author. */
export function platformConfigOf(config: object): PlatformConfig {
  return platformConfig.parse(config);
}
